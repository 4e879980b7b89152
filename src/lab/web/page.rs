//! The pages: HTML in which the text of messages is text and nothing else.

use std::fmt::Write as _;

/// The list of an inbox: numbers and heads of messages, the newest last, as a mailbox has them.
pub(super) fn list(user: &str, heads: &[(u32, String)]) -> String {
    let mut rows = String::new();
    for (number, head) in heads.iter().rev() {
        let shown: Vec<&str> = head.lines().filter(|line| !line.is_empty()).collect();
        // A text always takes more.
        let _ = writeln!(rows, "<li><a href=\"/message/{number}\">{}</a></li>", escaped(&shown.join(" ")));
    }
    page(&format!("{user}: inbox"), &format!("<ul>\n{rows}</ul>\n"))
}

pub(super) fn message(user: &str, number: u32, text: &str) -> String {
    let back = "<p><a href=\"/inbox\">inbox</a></p>";
    page(&format!("{user}: message {number}"), &format!("{back}\n<pre>{}</pre>\n", escaped(text)))
}

/// A sentence.
pub(super) fn plain(sentence: &str) -> String {
    page("web mail", &format!("<p>{}</p>\n", escaped(sentence)))
}

fn page(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1>\n{body}</body></html>\n"
    )
}

/// Text as HTML shows it (HTML, 13.1.2.6 and 13.1.4).
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_is_text_on_every_page() {
        let bad = "<script>alert(\"&\")</script>";
        let good = "&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;";
        for text in [list("me", &[(1, bad.to_owned())]), message("me", 1, bad), plain(bad)] {
            assert!(text.contains(good) && !text.contains("<script"), "{text}");
        }
    }

    #[test]
    fn the_newest_message_is_the_first_of_a_list() {
        let text = list("me", &[(1, "Subject: a\r\n\r\n".to_owned()), (2, "Subject: b\r\n\r\n".to_owned())]);
        let newest = text.find("<a href=\"/message/2\">Subject: b</a>").unwrap();
        assert!(newest < text.find("<a href=\"/message/1\">Subject: a</a>").unwrap(), "{text}");
    }
}
