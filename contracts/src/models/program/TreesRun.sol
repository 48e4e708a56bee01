// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Runs trees that `TreesCheck` checked, from their program's bytes.
library TreesRun {
    /// @dev Writes the bin of each feature, a word each: 0 for NaN, else 1 + how many of its edges are below it.
    /// @param features Where the vector is in calldata.
    /// @param edges Where the edges are in memory.
    /// @param bins Where the bins go in memory.
    /// @return end Behind the edges.
    function bin(uint256 features, uint256 edges, uint256 bins, uint256 columns)
        internal
        pure
        returns (uint256 end)
    {
        // Solidity has no way to read memory or to write it by address.
        assembly ("memory-safe") {
            for { let last := add(bins, shl(5, columns)) } lt(bins, last) { bins := add(bins, 32) } {
                let value := sar(224, calldataload(features))
                let left := byte(0, mload(edges))
                let found := 0
                if lt(and(value, 0x7fffffff), 0x7f800001) {
                    // Numbers without a sign of the same order: of those beside a negative one all bits are turned, else
                    // the sign's.
                    let mask :=
                        or(0x8000000000000000000000000000000000000000000000000000000000000000, sar(31, value))
                    value := xor(value, mask)
                    // Four bytes before the first edge that is not known to be below.
                    let from := sub(edges, 3)
                    for { let rest := shl(2, left) } rest {} {
                        // Half of what is left, rounded up.
                        let half := and(shr(1, add(rest, 4)), not(3))
                        from := add(from, mul(half, lt(xor(sar(224, mload(add(from, half))), mask), value)))
                        rest := sub(rest, half)
                    }
                    found := shr(2, sub(add(from, 7), edges))
                }
                mstore(bins, found)
                features := add(features, 4)
                edges := add(add(edges, 1), shl(2, left))
            }
            end := edges
        }
    }

    /// @dev Returns where a program's edges end.
    function skipEdges(uint256 edges, uint256 columns) internal pure returns (uint256) {
        // As above.
        assembly ("memory-safe") {
            for {} columns { columns := sub(columns, 1) } {
                edges := add(edges, add(1, shl(2, byte(0, mload(edges)))))
            }
        }
        return edges;
    }

    /// @dev Returns the score: the base and a leaf of each tree.
    /// @param trees Where the base is, and the trees after it.
    /// @param bins Where the inputs are, a word each.
    function score(uint256 trees, uint256 bins) internal pure returns (int256 sum) {
        // A hundred trees of depth 6 are 700 nodes: this loop is what they cost.
        assembly ("memory-safe") {
            sum := sar(224, mload(trees))
            let place := add(trees, 6)
            // Nodes from here on are leaves.
            let leaves := 0xff00000000000000000000000000000000000000000000000000000000000000
            for { let left := and(shr(208, mload(trees)), 0xffff) } left { left := sub(left, 1) } {
                let nodes := shr(240, mload(place))
                let root := add(place, 2)
                let node := mload(root)
                for {} lt(node, leaves) {} {
                    // Left, or one further where the feature's bin is above the threshold.
                    node := mload(
                        add(
                            root,
                            mul(
                                5,
                                add(
                                    and(shr(216, node), 0xffff),
                                    sgt(mload(add(bins, and(shr(227, node), 0x1fffe0))), byte(0, node))
                                )
                            )
                        )
                    )
                }
                sum := add(sum, sar(224, shl(8, node)))
                place := add(root, mul(5, nodes))
            }
        }
    }
}
