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
// Casts lose nothing: inputs and outputs of 16 bits.
// forge-lint: disable-next-item(unsafe-typecast)
library NetworkRun {
    int256 private constant INT16_MAX = 32_767;
    int256 private constant INT16_MIN = -32_768;
    uint256 private constant ONE = 1;
    /// @dev What the last output is written with, added.
    int256 private constant LAST_ADDED = 2 ** 31;

    /// @dev Returns the score.
    /// @param layers How many follow.
    /// @param code Address of the first layer, which changes.
    /// @param inputs Address of the inputs, a word each.
    function score(uint256 layers, uint256 code, uint256 inputs) internal pure returns (int256) {
        unchecked {
            while (layers > 0) {
                uint256 head = _word(code);
                uint256 outputs = code + 32;
                code = _runLayer(head, code, inputs);
                if (head >> 248 != 0) _addResidual(head, inputs, outputs);
                inputs = outputs;
                --layers;
            }
            return int256(_word(inputs)) - LAST_ADDED;
        }
    }

    /// @dev Writes a layer's outputs, and returns where the next one is. Its first loop is what a network costs; all is
    /// in one block, since calls for each group would cost as much again as the second.
    function _runLayer(uint256 head, uint256 code, uint256 inputs) private pure returns (uint256 group) {
        assembly ("memory-safe") {
            let lanes := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            let zeros := 0x0000008000000080000000800000008000000080000000800000008000000080
            let to := add(code, 32)
            group := add(to, and(shr(128, head), 0xffffffff))
            let size := and(shr(96, head), 0xffffffff)
            let limit := and(shr(16, head), 0xffffffffffffffffffff)
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
                // Times the multiplier, rounded half up, and within the layer's bounds: 0 and `limit`. Where that is
                // less than one of two, it is found by bits of either that it has not.
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
        }
    }

    /// @dev Adds a layer's inputs, requantised, to its outputs.
    function _addResidual(uint256 head, uint256 inputs, uint256 outputs) private pure {
        // Products of 32 bits, and addresses.
        unchecked {
            uint256 shift = head >> 224 & 0xff;
            int256 multiplier = int256(head >> 232 & 0xffff);
            int256 half = int256((ONE << shift) >> 1);
            int256 addedToInputs = int256(head >> 208 & 0xffff);
            int256 added = int256(head >> 192 & 0xffff);
            for (uint256 end = outputs + (head >> 128 & 0xffffffff); outputs < end; outputs += 32) {
                int256 carried = (int256(_word(inputs)) - addedToInputs) * multiplier + half >> shift;
                int256 value = _int16(int256(_word(outputs)) - added + _int16(carried)) + added;
                // Solidity cannot write to an address.
                assembly ("memory-safe") {
                    mstore(outputs, value)
                }
                inputs += 32;
            }
        }
    }

    function _int16(int256 value) private pure returns (int256) {
        return value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value;
    }

    function _word(uint256 place) private pure returns (uint256 word) {
        // Solidity cannot read at an address.
        assembly ("memory-safe") {
            word := mload(place)
        }
    }
}
