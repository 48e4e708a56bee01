// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Cursor, ProgramBytes} from "./ProgramBytes.sol";

/// @dev What a score means: the part of a program that models/sealed/link.ts describes.
// Casts lose nothing: probabilities are not negative.
// forge-lint: disable-next-item(unsafe-typecast)
library ScoreLink {
    using ProgramBytes for Cursor;

    uint256 private constant PPM = 1_000_000;
    uint256 private constant KNOT_LIMIT = 64;
    int256 private constant MULTIPLIER_LIMIT = 65_536;
    uint256 private constant SHIFT_LIMIT = 46;

    /// @dev Reads the link at the cursor and checks it as models/sealed/checkProgram.ts does.
    function check(Cursor memory cursor) internal pure {
        uint256 knots = cursor.u8();
        cursor.check(knots > 0 && knots <= KNOT_LIMIT);
        int256 score = type(int256).min;
        for (uint256 knot = 0; knot < knots; ++knot) {
            int256 next = cursor.i32();
            cursor.check(next > score);
            score = next;
        }
        uint256 probability = 0;
        for (uint256 knot = 0; knot < knots; ++knot) {
            uint256 next = cursor.u32();
            cursor.check(next >= probability && next <= PPM);
            probability = next;
        }
        uint256 source = cursor.u8();
        cursor.check(source <= 2);
        if (source != 0) {
            int256 multiplier = cursor.i32();
            cursor.check(multiplier > -MULTIPLIER_LIMIT && multiplier < MULTIPLIER_LIMIT);
            cursor.check(cursor.u8() <= SHIFT_LIMIT);
            cursor.i32();
        }
        uint256 interval = cursor.u8();
        cursor.check(interval <= 1);
        if (interval == 0) return;
        cursor.check(source != 0);
        int256 lower = cursor.i32();
        cursor.check(cursor.i32() >= lower);
        uint256 coverage = cursor.u32();
        cursor.check(coverage > 0 && coverage < PPM);
    }

    /// @dev Returns the probability of a rise at a score, in millionths: linear between knots, rounded down, constant
    /// outside.
    /// @param link Address of a checked link.
    function probabilityPpm(uint256 link, int256 score) internal pure returns (uint256) {
        // Nothing here leaves 64 bits, or the link.
        unchecked {
            uint256 size = 4 * ProgramBytes.load(link, 1);
            uint256 low = link + 1;
            uint256 high = low + size - 4;
            if (score <= ProgramBytes.i32At(low)) return uint256(ProgramBytes.i32At(low + size));
            if (score >= ProgramBytes.i32At(high)) return uint256(ProgramBytes.i32At(high + size));
            // In Solidity this loop takes twice the gas.
            assembly ("memory-safe") {
                let rest := sub(high, low)
                for {} gt(rest, 4) {} {
                    let half := and(shr(1, rest), 0xfffffffc)
                    low := add(low, mul(half, iszero(sgt(sar(224, mload(add(low, half))), score))))
                    rest := sub(rest, half)
                }
                high := add(low, 4)
            }
            int256 from = ProgramBytes.i32At(low);
            int256 start = ProgramBytes.i32At(low + size);
            int256 rise = ProgramBytes.i32At(high + size) - start;
            return uint256(start + (score - from) * rise / (ProgramBytes.i32At(high) - from));
        }
    }
}
