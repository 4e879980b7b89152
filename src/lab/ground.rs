//! The ground that the hosts of a lab stand on, and the addresses that they have there.

use serde::{Deserialize, Serialize};
use std::net::Ipv4Addr;

/// What tells the hosts of a lab apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Each has a network of its own behind a bridge, and a control group.
    Bridge,
    /// They share the loopback interface of the machine, where every address that begins with 127 is, and its processors.
    Loopback,
}

impl Ground {
    /// The two are the same but for where they begin.
    const fn address(self, high: u8, low: u8) -> Ipv4Addr {
        match self {
            Ground::Bridge => Ipv4Addr::new(10, 77, high, low),
            Ground::Loopback => Ipv4Addr::new(127, 77, high, low),
        }
    }

    /// Where the switch is.
    #[must_use]
    pub const fn switch(self) -> Ipv4Addr {
        self.address(0, 2)
    }

    /// Where no host ever is.
    #[must_use]
    pub const fn nobody(self) -> Ipv4Addr {
        self.address(255, 254)
    }

    /// Where a node is, by its place in the scenario.
    #[must_use]
    pub fn node(self, place: u16) -> Ipv4Addr {
        let [high, low] = (place + 1).to_be_bytes();
        self.address(1 + high, low)
    }

    /// From where a source with this number sends.
    #[must_use]
    pub fn source(self) -> fn(u32) -> Ipv4Addr {
        const fn source(ground: Ground, number: u32) -> Ipv4Addr {
            let place = number as u16;
            ground.address(64 + (place / 250) as u8, (place % 250) as u8 + 1)
        }
        match self {
            Ground::Bridge => |number| source(Ground::Bridge, number),
            Ground::Loopback => |number| source(Ground::Loopback, number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_loopback_are_those_of_the_bridge_but_for_their_beginning() {
        assert_eq!(Ground::Bridge.switch(), Ipv4Addr::new(10, 77, 0, 2));
        assert_eq!(Ground::Bridge.node(299), Ipv4Addr::new(10, 77, 2, 44));
        assert_eq!(Ground::Bridge.source()(999), Ipv4Addr::new(10, 77, 67, 250));
        assert_eq!(Ground::Loopback.source()(0), Ipv4Addr::new(127, 77, 64, 1));
        for address in [Ground::Loopback.switch(), Ground::Loopback.node(3), Ground::Loopback.nobody()] {
            assert!(address.is_loopback(), "{address}");
        }
    }
}
