// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev The weights of eight outputs as `NetworkRun` multiplies them: four bytes in each of eight lanes, weights + 128.
library WeightLanes {
    uint256 private constant LANE_1 = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant LANE_128 = 0x0000008000000080000000800000008000000080000000800000008000000080;
    uint256 private constant LANE_255 = 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff;

    /// @dev Writes the weights of some outputs, up to a multiple of eight inputs.
    /// @param weights Address of the first input's weights; those of the next are `outputs` bytes on.
    /// @param lanes Outputs of which to write weights, at most eight.
    /// @return magnitudes Sums of magnitudes, in lanes.
    /// @return seen Bits of all magnitudes, in lanes.
    /// @return sums Sums of weights, each times its lane's place.
    function write(uint256 weights, uint256 inputs, uint256 outputs, uint256 lanes, uint256 to)
        internal
        pure
        returns (uint256 magnitudes, uint256 seen, uint256 sums)
    {
        // A loop over lanes would take some twenty times the gas, tens of millions for a network of 64-128-64-1.
        assembly ("memory-safe") {
            let present := not(shr(shl(3, lanes), not(0)))
            let word := 0
            for { let input := 0 } or(lt(input, inputs), and(input, 7)) { input := add(input, 1) } {
                let spread := shr(192, and(mload(weights), mul(present, lt(input, inputs))))
                // Eight bytes to the eight lanes, the first one to the highest: halves, quarters, eighths.
                spread := and(or(spread, shl(96, spread)), 0xffffffff000000000000000000000000ffffffff)
                spread := and(
                    or(spread, shl(48, spread)),
                    0xffff000000000000ffff000000000000ffff000000000000ffff
                )
                spread := and(or(spread, shl(24, spread)), LANE_255)
                let negative := and(shr(7, spread), LANE_1)
                let magnitude := add(xor(spread, mul(negative, 255)), negative)
                magnitudes := add(magnitudes, magnitude)
                seen := or(seen, magnitude)
                spread := xor(spread, LANE_128)
                sums := add(sums, sub(spread, LANE_128))
                word := or(word, shl(shl(3, and(input, 3)), spread))
                if eq(and(input, 3), 3) {
                    mstore(to, word)
                    to := add(to, 32)
                    word := 0
                }
                weights := add(weights, outputs)
            }
        }
    }
}
