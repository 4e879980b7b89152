//! Tables on the terminal: aligned columns, no lines, no colour.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

/// A table under construction; texts to the left, figures to the right.
#[derive(Debug)]
pub struct Columns {
    table: Table,
    texts: usize,
}

impl Columns {
    /// A table with these column heads, of which the first `texts` are about texts and the others about figures.
    #[must_use]
    pub fn new<'a>(texts: usize, heads: impl IntoIterator<Item = &'a str>) -> Columns {
        let mut table = Table::new();
        table.load_style(NOTHING).set_header(heads);
        Columns { table, texts }
    }

    /// Adds a row.
    pub fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        self.table.add_row(cells.into_iter().map(Into::into).collect::<Vec<String>>());
    }

    /// The finished table, indented by the one space that each column starts with.
    #[must_use]
    pub fn text(mut self) -> String {
        for (i, column) in self.table.column_iter_mut().enumerate() {
            column.set_cell_alignment(if i < self.texts { CellAlignment::Left } else { CellAlignment::Right });
        }
        self.table.trim_fmt() + "\n"
    }
}

/// A heading with an empty line before it.
#[must_use]
pub fn heading(text: &str) -> String {
    format!("\n{text}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stand_to_the_left_and_figures_to_the_right() {
        let mut table = Columns::new(1, ["name", "figure"]);
        table.row(["a", "1"]);
        table.row(["long name", "1 000 000"]);
        assert_eq!(table.text(), " name          figure\n a                  1\n long name  1 000 000\n");
    }
}
