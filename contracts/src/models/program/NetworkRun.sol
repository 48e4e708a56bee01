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
    uint256 private constant RESIDUAL_FLAG = 2;

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
                if (head >> 120 & RESIDUAL_FLAG != 0) _addResidual(head, inputs, outputs);
                inputs = outputs;
                --layers;
            }
            return int256(_word(inputs));
        }
    }

    /// @dev Writes a layer's outputs, and returns where the next one is. Its first loop is what a network costs; all is
    /// in one block, since calls for each group would cost as much again as the second.
    function _runLayer(uint256 head, uint256 code, uint256 inputs) private pure returns (uint256 group) {
        assembly ("memory-safe") {
            let lanes := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            let zeros := 0x0000008000000080000000800000008000000080000000800000008000000080
            let to := add(code, 32)
            group := add(to, shl(6, shr(1, add(and(shr(128, head), 0xffff), 1))))
            for { let end := group } lt(to, end) {} {
                // The sums of eight outputs, each + 2^31.
                let sums := mload(group)
                group := add(group, 32)
                let input := inputs
                let next := add(group, shl(6, shr(3, add(and(shr(144, head), 0xffff), 7))))
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
                // Times multiplier / 2^shift, rounded half up, within the layer's bounds.
                let lowest := sub(0, and(shr(64, head), 0xffffffff))
                let range := and(head, 0xffffffff)
                for {} sums { sums := shl(64, sums) } {
                    let word := mload(to)
                    let value :=
                        sar(byte(2, word), add(mul(shr(224, sums), shr(240, word)), signextend(7, word)))
                    if iszero(lt(sub(value, lowest), range)) {
                        value := add(lowest, mul(range, sgt(value, lowest)))
                    }
                    mstore(to, value)
                    // The second of two, which may not be there: then its word and its sum are 0.
                    word := mload(add(to, 32))
                    value := sar(
                        byte(2, word),
                        add(mul(and(shr(192, sums), 0xffffffff), shr(240, word)), signextend(7, word))
                    )
                    if iszero(lt(sub(value, lowest), range)) {
                        value := add(lowest, mul(range, sgt(value, lowest)))
                    }
                    mstore(add(to, 32), value)
                    to := add(to, 64)
                }
            }
        }
    }

    /// @dev Adds a layer's inputs, requantised, to its outputs.
    function _addResidual(uint256 head, uint256 inputs, uint256 outputs) private pure {
        // Products of 32 bits, and addresses.
        unchecked {
            uint256 shift = head >> 96 & 0xff;
            int256 multiplier = int256(head >> 104 & 0xffff);
            int256 half = int256((ONE << shift) >> 1);
            for (uint256 end = outputs + 32 * (head >> 144 & 0xffff); outputs < end; outputs += 32) {
                int256 carried = _int16(int256(_word(inputs)) * multiplier + half >> shift);
                int256 value = _int16(int256(_word(outputs)) + carried);
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
