// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev Turns binary32 features into a network's integer inputs, as models/scaler.ts and
/// models/sealed/quantiseInputs.ts do: (value - mean) / std, each step rounded to binary32, within ±8, times 4,096 and
/// rounded half up to an int16; 0 where the value is not finite or the deviation is 0.
///
/// Nearly always a division of integers decides: both roundings together change the result by less than 2^-23 of
/// itself, a small part of an integer step, so that only a quotient that near to the middle between two steps needs the
/// roundings themselves. They take integers too, some 370 gas.
// Casts lose nothing: digits of 24 bits and exponents of 8, or what is made of them.
// forge-lint: disable-next-item(unsafe-typecast)
library ScaledInputs {
    /// @dev Inputs are written with this added, so that those within four deviations are not negative.
    uint256 internal constant OFFSET = 0x4000;
    /// @dev Columns that one turn of the loop scales. The words of columns are filled up to a multiple of it.
    uint256 internal constant GROUP = 8;

    /// @dev In 2^-28 of a step: `OFFSET`, the half that rounds, and 2^-9 for the check.
    uint256 private constant ADDED = 0x40008080000;
    /// @dev Bits of a quotient in 2^-28 of a step that are 0 within four deviations, and the eight highest behind the
    /// point, which are 0 within 2^-9 of where it rounds to another integer. Up to four deviations the roundings shift
    /// it by at most 1.5 * 2^-10, and what is cut off by less than 2^-25.
    uint256 private constant CHECKED = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffff8000ff00000;
    uint256 private constant CHECKED_LIMIT = 0xfffffff;
    /// @dev Inputs of 0, -32,768 and 32,767, in 2^-28 of a step, and 0 with the half that rounds.
    uint256 private constant ZERO = 0x40000000000;
    uint256 private constant LEAST = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffc0000000000;
    uint256 private constant GREATEST = 0xbfff0000000;
    uint256 private constant ROUNDED = 0x40008000000;

    /// @dev The lowest bit of each of eight binary32 numbers, the bits of their digits, and the one before these.
    uint256 private constant LANE_1 = 0x0000000100000001000000010000000100000001000000010000000100000001;
    uint256 private constant LANE_DIGITS = 0x007fffff007fffff007fffff007fffff007fffff007fffff007fffff007fffff;
    uint256 private constant LANE_HIGHEST =
        0x0080000000800000008000000080000000800000008000000080000000800000;

    /// @dev Word of a column that is not there, or whose deviation is 0: the unit is one that no finite value has
    /// digits in, so that every input is 0.
    uint256 internal constant NOTHING = ((1 << 216) - ADDED) << 40 | 0xff << 32 | 1;

    /// @dev Puts what scaling a column needs into one word: 216 bits mean less `ADDED` times the deviation's digits, in
    /// units of the deviation's last binary digit / 2^40; 8 bits the exponent of the unit, as binary32 writes it for a
    /// number with that last digit; 32 bits the deviation's digits.
    ///
    /// A value or mean with digits below the unit counts as 0: there is less than 2^24 of them in units, and where they
    /// stand beside a number of 2^49 or more they are rounded off, as no number that near to the middle between two
    /// steps is less.
    function constantsOf(uint256 mean, uint256 deviation) internal pure returns (uint256 word) {
        if (deviation == 0) return NOTHING;
        uint256 exponent = deviation >> 23;
        uint256 unit = exponent - Math.min(exponent, 40);
        uint256 meanExponent = mean >> 23 & 0xff;
        // Where a value's digits could leave 256 bits, a difference a binary32, or the mean its place.
        if (unit < 32 || exponent > 227 || meanExponent > unit + 188) {
            return 1 << 254 | mean << 96 | deviation << 64 | 0xff << 32;
        }
        uint256 digits = deviation & 0x7fffff | 0x800000;
        uint256 shifted = meanExponent < unit ? 0 : (mean & 0x7fffff | 0x800000) << meanExponent - unit;
        unchecked {
            if (mean >> 31 == 1) shifted = 0 - shifted;
            return shifted - ADDED * digits << 40 | unit << 32 | digits;
        }
    }

    /// @dev Tells whether a column's word is of one that `OddInputs` must scale.
    function isOdd(uint256 word) internal pure returns (bool) {
        return word >> 254 == 1;
    }

    /// @dev Scales a feature vector, in the place of its columns' words, all but odd columns.
    /// @param features Where the vector is in calldata. What follows it does not matter.
    /// @param columns Where the words are in memory, up to a multiple of `GROUP`.
    function scale(uint256 features, uint256 columns, uint256 count) internal pure {
        // In Solidity reading features takes three times the gas. A loop over single columns would take half as much
        // again: eight values come in one word, and share what takes them apart.
        assembly ("memory-safe") {
            // Makes both roundings. `value` is the difference, with what `constantsOf` adds; `bits` begin with the
            // feature.
            function exact(value, word, bits) -> scaled {
                let deviation := and(word, 0xffffffff)
                let size := sub(value, mul(deviation, ADDED))
                let sign := sar(255, size)
                size := sub(xor(size, sign), sign)
                let least := 26
                // More than four deviations.
                if gt(size, shl(42, deviation)) {
                    // Missing, or infinite.
                    scaled := ZERO
                    if eq(byte(0, shl(1, bits)), 0xff) { leave }
                    // Eight and more are the least input, or the greatest; an odd column keeps its word for `OddInputs`.
                    if gt(size, sub(shl(43, deviation), and(shl(28, deviation), not(sign)))) {
                        scaled := or(and(GREATEST, not(sign)), and(LEAST, sign))
                        if iszero(deviation) { scaled := word }
                        leave
                    }
                    least := 27
                }
                // Binary digits beyond 24: the least that there can be, and how many more there are, up to sixteen, by
                // what Solady's FixedPointMathLib.log2 ends with.
                let top := shr(add(least, 24), size)
                let dropped := shl(3, gt(top, 0xff))
                dropped := add(
                    add(
                        least,
                        byte(
                            and(shr(shr(dropped, top), 0x8421084210842108cc6318c6db6d54be), 0x1f),
                            0x0807070607030605070304030605040207060306040405020606040501010001
                        )
                    ),
                    dropped
                )
                // To even digits where two are as near.
                let digits :=
                    shr(dropped, add(add(size, sub(shl(sub(dropped, 1), 1), 1)), and(shr(dropped, size), 1)))
                // A quotient of numbers of 24 digits is never in the middle between two such numbers.
                let isLess := lt(digits, deviation)
                digits := div(add(shl(add(isLess, 24), digits), deviation), shl(1, deviation))
                scaled := add(shl(sub(sub(dropped, 23), isLess), sub(xor(digits, sign), sign)), ROUNDED)
            }

            for { let end := add(columns, shl(5, count)) } lt(columns, end) { columns := add(columns, 256) } {
                let bits := calldataload(features)
                features := add(features, 32)
                let exponents := shl(1, bits)
                let digits := or(and(bits, LANE_DIGITS), LANE_HIGHEST)
                let negative := and(shr(31, bits), LANE_1)
                digits := add(xor(digits, mul(negative, 0xffffffff)), negative)
                let checked := CHECKED
                // Digits by 2 to the exponent less that of the unit; where that is negative, this gives 0.
                {
                    let word := mload(columns)
                    let value :=
                        sub(shl(sub(byte(0, exponents), byte(27, word)), sar(224, digits)), sar(40, word))
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, bits)
                    }
                    mstore(columns, sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 32))
                    let value :=
                        sub(
                            shl(sub(byte(4, exponents), byte(27, word)), sar(224, shl(32, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(32, bits))
                    }
                    mstore(add(columns, 32), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 64))
                    let value :=
                        sub(
                            shl(sub(byte(8, exponents), byte(27, word)), sar(224, shl(64, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(64, bits))
                    }
                    mstore(add(columns, 64), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 96))
                    let value :=
                        sub(
                            shl(sub(byte(12, exponents), byte(27, word)), sar(224, shl(96, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(96, bits))
                    }
                    mstore(add(columns, 96), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 128))
                    let value :=
                        sub(
                            shl(sub(byte(16, exponents), byte(27, word)), sar(224, shl(128, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(128, bits))
                    }
                    mstore(add(columns, 128), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 160))
                    let value :=
                        sub(
                            shl(sub(byte(20, exponents), byte(27, word)), sar(224, shl(160, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(160, bits))
                    }
                    mstore(add(columns, 160), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 192))
                    let value :=
                        sub(
                            shl(sub(byte(24, exponents), byte(27, word)), sar(224, shl(192, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(192, bits))
                    }
                    mstore(add(columns, 192), sar(28, scaled))
                }
                {
                    let word := mload(add(columns, 224))
                    let value :=
                        sub(
                            shl(sub(byte(28, exponents), byte(27, word)), sar(224, shl(224, digits))),
                            sar(40, word)
                        )
                    let scaled := div(value, and(word, 0xffffffff))
                    if iszero(lt(sub(and(scaled, checked), 1), CHECKED_LIMIT)) {
                        scaled := exact(value, word, shl(224, bits))
                    }
                    mstore(add(columns, 224), sar(28, scaled))
                }
            }
        }
    }
}
