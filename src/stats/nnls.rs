//! Least squares with solutions that can't be negative, such as service demands.

/// The `x ≥ 0` for which `Σ (row · x − due)²` is least (Lawson and Hanson 1974, *Solving Least Squares Problems*, ch. 23).
///
/// Weights are in the rows already: a row and its `due` times the root of its weight. A column that nothing needs is 0; of
/// columns that depend on each other, some are.
#[must_use]
pub fn nnls(rows: &[Vec<f64>], due: &[f64]) -> Vec<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    let mut solution = vec![0.0; columns];
    let mut free = vec![false; columns];
    let scale: f64 =
        (0..columns).map(|c| rows.iter().zip(due).map(|(row, due)| (row[c] * due).abs()).sum()).fold(0.0, f64::max);
    // Each round frees one column, and one that comes back does so only with a smaller sum of squares.
    for _ in 0..10 * columns {
        let slope = |column: usize| -> f64 {
            rows.iter().zip(due).map(|(row, due)| row[column] * (due - dot(row, &solution))).sum()
        };
        let steepest = (0..columns).filter(|c| !free[*c]).map(|c| (c, slope(c))).max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((column, _)) = steepest.filter(|(_, slope)| *slope > 1e-12 * scale) else { break };
        free[column] = true;
        loop {
            let Some(next) = solve(rows, due, &free) else {
                // It depends on others: without it the rest has a solution.
                free[column] = false;
                break;
            };
            let step = (0..columns)
                .filter(|c| free[*c] && next[*c] <= 0.0)
                .map(|c| solution[c] / (solution[c] - next[c]))
                .fold(1.0, f64::min);
            for c in 0..columns {
                solution[c] += step * (next[c] - solution[c]);
            }
            if step >= 1.0 {
                break;
            }
            for c in 0..columns {
                if free[c] && solution[c] <= 1e-14 {
                    (free[c], solution[c]) = (false, 0.0);
                }
            }
        }
    }
    solution
}

fn dot(row: &[f64], solution: &[f64]) -> f64 {
    row.iter().zip(solution).map(|(a, x)| a * x).sum()
}

/// The unrestricted solution over the free columns, by the normal equations and Cholesky; the others are 0.
fn solve(rows: &[Vec<f64>], due: &[f64], free: &[bool]) -> Option<Vec<f64>> {
    let columns: Vec<usize> = (0..free.len()).filter(|column| free[*column]).collect();
    let n = columns.len();
    let product = |a: usize, b: usize| rows.iter().map(|row| row[columns[a]] * row[columns[b]]).sum::<f64>();
    let mut lower = vec![vec![0.0; n]; n];
    for i in 0..n {
        for j in 0..=i {
            let rest = product(i, j) - (0..j).map(|k| lower[i][k] * lower[j][k]).sum::<f64>();
            if i != j {
                lower[i][j] = rest / lower[j][j];
            } else if rest > 1e-12 * product(i, i) {
                lower[i][i] = libm::sqrt(rest);
            } else {
                return None;
            }
        }
    }
    let mut values: Vec<f64> =
        columns.iter().map(|column| rows.iter().zip(due).map(|(row, due)| row[*column] * due).sum()).collect();
    for i in 0..n {
        values[i] = (values[i] - (0..i).map(|k| lower[i][k] * values[k]).sum::<f64>()) / lower[i][i];
    }
    for i in (0..n).rev() {
        values[i] = (values[i] - (i + 1..n).map(|k| lower[k][i] * values[k]).sum::<f64>()) / lower[i][i];
    }
    let mut solution = vec![0.0; free.len()];
    columns.iter().zip(values).for_each(|(column, value)| solution[*column] = value);
    Some(solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_exact_is_found() {
        let rows = [vec![1.0, 0.0, 2.0], vec![0.0, 3.0, 1.0], vec![2.0, 2.0, 0.0], vec![1.0, 1.0, 1.0]];
        let truth = [2.0, 0.5, 3.0];
        let due: Vec<f64> = rows.iter().map(|row| dot(row, &truth)).collect();
        for (found, truth) in nnls(&rows, &due).iter().zip(truth) {
            assert!((found - truth).abs() < 1e-9, "{found} is not {truth}");
        }
    }

    #[test]
    fn what_would_be_negative_is_zero_and_the_rest_is_the_best_without_it() {
        // Without a bound the second one is −1.
        let rows = [vec![1.0, 1.0], vec![1.0, 2.0], vec![1.0, 3.0]];
        let due = [3.0, 2.0, 1.0];
        let found = nnls(&rows, &due);
        assert!((found[0] - 2.0).abs() < 1e-9 && found[1] == 0.0, "{found:?}");
    }

    #[test]
    fn columns_that_depend_on_each_other_share_what_there_is() {
        let rows = [vec![1.0, 2.0], vec![2.0, 4.0]];
        let found = nnls(&rows, &[3.0, 6.0]);
        assert!((found[0] + 2.0 * found[1] - 3.0).abs() < 1e-9, "{found:?}");
        assert_eq!(nnls(&[], &[]), Vec::<f64>::new());
    }
}
