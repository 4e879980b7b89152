//! Questions about names, and answers to them, as name servers speak (RFC 1035).

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, TYPE};
use std::net::Ipv4Addr;

/// The port of name servers.
pub const PORT: u16 = 53;
/// Longer than any answer of the lab, in bytes.
pub const LONGEST: usize = 4_096;

/// The question with this number for the addresses of a name; none where it is no name.
#[must_use]
pub fn question(name: &str, number: u16) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(number);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    packet.questions.push(Question::new(Name::new(name).ok()?, TYPE::A.into(), CLASS::IN.into(), false));
    packet.build_bytes_vec().ok()
}

/// The addresses in the answer to the question with this number, in its order; none where it is none.
#[must_use]
pub fn addresses(answer: &[u8], number: u16) -> Option<Vec<Ipv4Addr>> {
    let packet = Packet::parse(answer).ok().filter(|packet| packet.id() == number)?;
    let address = |data: &RData| if let RData::A(a) = data { Some(Ipv4Addr::from(a.address)) } else { None };
    Some(packet.answers.iter().filter_map(|record| address(&record.rdata)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::A;

    #[test]
    fn an_answer_gives_its_addresses_in_its_order_to_the_question_that_it_is_for() {
        let asked = question("pop3.lab.test", 4_660).unwrap();
        assert_eq!(asked[..12], [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0], "one question that wants to be resolved");
        let mut packet = Packet::new_reply(4_660);
        for last in [9, 2] {
            let data = RData::A(A { address: u32::from(Ipv4Addr::new(10, 77, 1, last)) });
            packet.answers.push(ResourceRecord::new(Name::new("pop3.lab.test").unwrap(), CLASS::IN, 5, data));
        }
        let answer = packet.build_bytes_vec_compressed().unwrap();
        let found = Some(vec![Ipv4Addr::new(10, 77, 1, 9), Ipv4Addr::new(10, 77, 1, 2)]);
        assert_eq!(addresses(&answer, 4_660), found);
        assert_eq!((addresses(&answer, 1), addresses(&answer[..9], 4_660)), (None, None));
    }
}
