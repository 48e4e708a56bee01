// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev Runs what `NetworkCode` compiled.
///
/// The sums of eight outputs share a word: a weight is a number at its lane's place, so that one multiplication by an
/// input serves eight of them. In the end every lane holds its sum + 2^31. That lies within 32 bits, as was proved
/// when the network was compiled, so no lane reaches into another, whatever they held in between: up to there all is
/// arithmetic modulo 2^256. It is also above 0, so that a word with nothing left in it has no lanes left.
///
/// Outputs are written in the place of their own words, and are the next layer's inputs there.
// Casts lose nothing: a number of 32 bits.
// forge-lint: disable-next-item(unsafe-typecast)
library NetworkRun {
    /// @dev What the last output is written with, added.
    int256 private constant LAST_ADDED = 2 ** 31;

    /// @dev Returns the score.
    /// @param layers How many follow.
    /// @param code Address of the first layer, which changes.
    /// @param inputs Address of the inputs, a word each.
    function score(uint256 layers, uint256 code, uint256 inputs) internal pure returns (int256) {
        // Solidity has no way to read memory or to write it by address. The loops over inputs and over outputs are most
        // of what a network costs; all is in one block, since calls in between only cost.
        assembly ("memory-safe") {
            // Adds a layer's inputs, requantised, to its outputs, both without what is added to them.
            function addResidual(head, input, output) {
                let shift := byte(3, head)
                let multiplier := and(shr(232, head), 0xffff)
                let addedToInputs := and(shr(208, head), 0xffff)
                let added := and(shr(192, head), 0xffff)
                for { let end := add(output, and(shr(128, head), 0xffffffff)) } lt(output, end) {} {
                    let carried :=
                        add(mul(sub(mload(input), addedToInputs), multiplier), shr(1, shl(shift, 1)))
                    let value := add(sub(mload(output), added), int16(sar(shift, carried)))
                    mstore(output, add(int16(value), added))
                    input := add(input, 32)
                    output := add(output, 32)
                }
            }
            function int16(value) -> saturated {
                saturated := value
                if sgt(value, 0x7fff) { saturated := 0x7fff }
                if slt(value, not(0x7fff)) { saturated := not(0x7fff) }
            }

            for {} layers { layers := sub(layers, 1) } {
                let to := add(code, 32)
                let group := add(to, and(shr(128, mload(code)), 0xffffffff))
                let size := and(shr(96, mload(code)), 0xffffffff)
                let limit := and(shr(16, mload(code)), 0xffffffffffffffffffff)
                // The lowest byte of each lane, and 128, which weights are written with: variables, since the compiler
                // would put a constant together wherever it is used.
                let lanes := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
                let zeros := 0x0000008000000080000000800000008000000080000000800000008000000080
                for { let end := group } lt(to, end) {} {
                    // The sums of eight outputs, each + 2^31.
                    let sums := mload(group)
                    group := add(group, 32)
                    let input := inputs
                    let next := add(group, size)
                    // Behind the last input the weights are 0, so that anything may be there.
                    for {} lt(group, next) { group := add(group, 64) } {
                        let weights := mload(group)
                        sums := add(
                            sums,
                            add(
                                add(
                                    mul(sub(and(weights, lanes), zeros), mload(input)),
                                    mul(sub(and(shr(8, weights), lanes), zeros), mload(add(input, 32)))
                                ),
                                add(
                                    mul(sub(and(shr(16, weights), lanes), zeros), mload(add(input, 64))),
                                    mul(sub(and(shr(24, weights), lanes), zeros), mload(add(input, 96)))
                                )
                            )
                        )
                        weights := mload(add(group, 32))
                        sums := add(
                            sums,
                            add(
                                add(
                                    mul(sub(and(weights, lanes), zeros), mload(add(input, 128))),
                                    mul(sub(and(shr(8, weights), lanes), zeros), mload(add(input, 160)))
                                ),
                                add(
                                    mul(sub(and(shr(16, weights), lanes), zeros), mload(add(input, 192))),
                                    mul(sub(and(shr(24, weights), lanes), zeros), mload(add(input, 224)))
                                )
                            )
                        )
                        input := add(input, 256)
                    }
                    // Times the multiplier, rounded half up, and within the layer's bounds: 0 and `limit`, whose bits are
                    // all set. Two numbers that are not above it have no others.
                    for {} sums { sums := shl(64, sums) } {
                        let word := mload(to)
                        let first := add(mul(shr(224, sums), and(word, 0xffffffffffffffff)), sar(64, word))
                        first := mul(first, sgt(first, 0))
                        // The second of two, which may not be there: then its word and its sum are 0.
                        word := mload(add(to, 32))
                        let second :=
                            add(
                                mul(and(shr(192, sums), 0xffffffff), and(word, 0xffffffffffffffff)),
                                sar(64, word)
                            )
                        second := mul(second, sgt(second, 0))
                        if gt(or(first, second), limit) {
                            if gt(first, limit) { first := limit }
                            if gt(second, limit) { second := limit }
                        }
                        mstore(to, shr(48, first))
                        mstore(add(to, 32), shr(48, second))
                        to := add(to, 64)
                    }
                }
                if shr(248, mload(code)) { addResidual(mload(code), inputs, add(code, 32)) }
                inputs := add(code, 32)
                code := group
            }
            inputs := mload(inputs)
        }
        return int256(inputs) - LAST_ADDED;
    }
}
