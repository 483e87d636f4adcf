//! `INCIDR`: whether an address lies in a block.

use std::net::IpAddr;

use schema::Type;

use super::row::RowFunction;
use crate::{ADDRESS, Argument, Category, Example, Function, Lower, Parameter, Returns, Standing, TEXT};

/// `INCIDR(block, address)`
pub(super) static INCIDR: Function = Function {
    name: "INCIDR",
    category: Category::Network,
    parameters: &[Parameter::new("block", TEXT), Parameter::new("address", ADDRESS)],
    variadic: false,
    returns: Returns::Type(Type::Boolean),
    summary: "Whether the address lies in the block (`10.0.0.0/8`, `2001:db8::/32`); a bare address is a block of one. A block that is not one is an error when it is a literal. Null and what is not an address give null.",
    examples: &[
        Example { call: "INCIDR('10.0.0.0/8', sourceip)", value: "true" },
        Example { call: "INCIDR('192.0.2.7', '192.0.2.8')", value: "false" },
        Example { call: "INCIDR('2001:db8::/32', '2001:db8::5')", value: "true" },
        Example { call: "INCIDR('10.0.0.0/8', '2001:db8::5')", value: "false" },
        Example { call: "INCIDR('0.0.0.0/0', '192.0.2.7')", value: "true" },
        Example { call: "INCIDR('10.0.0.0/8', NULL)", value: "null" },
    ],
    standing: Standing::Documented,
    lower: Lower::Scalar(|_, arguments| {
        let literal = match arguments.first().and_then(Argument::literal_text) {
            Some(text) => Some(Block::parse(text).ok_or_else(|| format!("`{text}` is not an address block"))?),
            None => None,
        };
        let in_block = RowFunction::boolean("INCIDR", move |cells| {
            let block = match literal {
                Some(block) => block,
                None => Block::parse(cells[0].text()?)?,
            };
            Some(block.contains(cells[1].address()?))
        });
        Ok(in_block.call(arguments))
    }),
};

/// A block of addresses. An IPv6 address that stands for an IPv4 address (`::ffff:10.0.0.5`) counts as that.
#[derive(Clone, Copy)]
struct Block {
    address: IpAddr,
    prefix: u32,
}

impl Block {
    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.trim().split_once('/') {
            Some((address, prefix)) => (address.trim().parse().ok()?, Some(prefix.trim().parse().ok()?)),
            None => (text.trim().parse().ok()?, None),
        };
        let width = if matches!(address, IpAddr::V4(_)) { 32 } else { 128 };
        let prefix = prefix.unwrap_or(width);
        (prefix <= width).then_some(Self { address, prefix })
    }

    fn contains(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(block), IpAddr::V4(address)) => {
                (u32::from(block) ^ u32::from(address)).checked_shr(32 - self.prefix).unwrap_or(0) == 0
            }
            (IpAddr::V6(block), IpAddr::V6(address)) => {
                (u128::from(block) ^ u128::from(address)).checked_shr(128 - self.prefix).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Block;

    #[test]
    fn what_is_not_a_block_is_refused() {
        for text in ["10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "", "dc01", "10.0.0.0/8/8"] {
            assert!(Block::parse(text).is_none(), "{text}");
        }
        assert!(Block::parse(" 10.0.0.0/0 ").is_some());
    }
}
