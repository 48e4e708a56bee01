// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @dev Turns binary32 features into a network's integer inputs, as models/scaler.ts and
/// models/sealed/quantiseInputs.ts do: (value - mean) / std, each step rounded to binary32, within ±8, times 4,096 and
/// rounded half up to an int16; 0 where the value is not finite or the deviation is 0.
///
/// Nearly always a division of integers decides: both roundings together change the result by less than 2^-23 of
/// itself, a small part of an integer step, so that only a quotient that near to the middle between two steps needs the
/// roundings themselves (`exact`).
// Casts lose nothing: digits of 24 bits and exponents of 8, or what is made of them.
// forge-lint: disable-next-item(unsafe-typecast)
library ScaledInputs {
    uint256 private constant ONE = 1;
    int256 private constant INT16_MAX = 32_767;
    int256 private constant INT16_MIN = -32_768;
    /// @dev In a column's word, a mean of 2^94 beside deviations of at most 2^56, and a unit that no value has 2^24 of:
    /// nothing is within an int16, so that the loop stops.
    uint256 internal constant OUTSIDE = 1 << 254 | 0xff << 56;

    /// @dev Puts what scaling a column needs into one word: 96 bits mean, in units of the deviation's last binary
    /// digit / 2^32; 32 bits each its own bits and those of the deviation, 32 bits nothing, 8 bits the exponent of the
    /// unit, as binary32 writes it for a number with that last digit; 56 bits deviation, in units.
    function constantsOf(uint256 mean, uint256 deviation) internal pure returns (uint256 word) {
        word = mean << 128 | deviation << 96;
        if (deviation == 0) return word;
        uint256 exponent = deviation >> 23;
        uint256 unit = exponent - Math.min(exponent, 32);
        uint256 meanExponent = mean >> 23 & 0xff;
        // Where a value's digits could leave 256 bits, a difference a binary32, or the mean its place: `exact` decides.
        if (unit < 56 || exponent > 227 || meanExponent > unit + 70) return word | OUTSIDE | 1;
        // What is cut off, of the mean and later of values, is less than 2^24 units: 2^-19 of a step.
        uint256 digits = meanExponent == 0 ? 0 : mean & 0x7fffff | 0x800000;
        digits = meanExponent >= unit ? digits << meanExponent - unit : digits >> unit - meanExponent;
        unchecked {
            if (mean >> 31 == 1) digits = 0 - digits;
        }
        return word | digits << 160 | unit << 56 | (deviation & 0x7fffff | 0x800000) << 32;
    }

    /// @dev Scales a feature vector, in the place of its columns' words.
    /// @param features Where the vector is in calldata.
    /// @param columns Where the words are in memory, behind at least 32 bytes that do not matter; behind them is a
    /// word that holds `OUTSIDE`.
    function scale(uint256 features, uint256 columns, uint256 count) internal pure {
        // Addresses in memory and calldata.
        unchecked {
            uint256 end = columns + 32 * count;
            uint256 column = columns - 32;
            features -= 4;
            int256 value = 0;
            while (true) {
                (uint256 feature, uint256 next) = _scaleWhile(features, column);
                // Solidity cannot write to an address.
                assembly ("memory-safe") {
                    mstore(column, value)
                }
                if (next == end) return;
                (features, column) = (feature, next);
                value = _decide(features, column);
            }
        }
    }

    /// @dev Scales what follows a column until a value that `_decide` must scale, or the end; writes anything to the
    /// column itself. The loop is most of what reading features costs: in Solidity it takes three times the gas.
    function _scaleWhile(uint256 features, uint256 column) private pure returns (uint256, uint256) {
        assembly ("memory-safe") {
            // In 2^-12 of a step: the input + 2^14, and 12 binary digits of which the seven highest are not all 0.
            let scaled := 0x04000800
            // Within 27 bits, and further than 16 from where it rounds to another integer: up to 2^14, four deviations,
            // the roundings shift it by at most 8, and what was cut off by less than 2.
            for {} iszero(gt(sub(and(scaled, not(0x07fff01f)), 1), 0xffe)) {} {
                mstore(column, sub(shr(12, scaled), 0x4000))
                column := add(column, 32)
                features := add(features, 4)
                let bits := calldataload(features)
                let word := mload(column)
                // Digits by 2 to the exponent less that of the unit; where that is negative, this gives 0. Then the sign.
                let digits :=
                    mul(
                        shl(sub(byte(0, shl(1, bits)), byte(24, word)), or(shr(233, shl(9, bits)), 0x800000)),
                        or(sar(255, bits), 1)
                    )
                // 2^26 for the 2^14, 2^11 for the half that rounds, 2^4 for the check.
                scaled := add(
                    sdiv(shl(24, sub(digits, sar(160, word))), and(word, 0xffffffffffffff)),
                    0x04000810
                )
            }
        }
        return (features, column);
    }

    /// @dev Scales a value that the loop did not: by a finer division, or else exactly.
    function _decide(uint256 features, uint256 column) private pure returns (int256) {
        uint256 bits;
        uint256 word;
        // Solidity cannot read at an address.
        assembly ("memory-safe") {
            bits := shr(224, calldataload(features))
            word := mload(column)
        }
        // Numbers of 96 bits and less, but for digits that are cut off where they are more.
        unchecked {
            uint256 exponent = bits >> 23 & 0xff;
            uint256 unit = word >> 56 & 0xff;
            int256 deviation = int256(word & 0xffffffffffffff);
            if (exponent >= unit && exponent < Math.min(unit + 70, 255) && deviation > 0) {
                int256 digits = int256((bits & 0x7fffff | 0x800000) << exponent - unit);
                if (bits >> 31 == 1) digits = -digits;
                // In 2^-28 of a step. Both roundings together change it by less than 2^-23 of itself, what was cut off
                // by less than 2^10.
                int256 scaled = (digits - (int256(word) >> 160) << 40) / deviation + 2 ** 27;
                int256 margin = ((scaled < 0 ? -scaled : scaled) >> 23) + 2 ** 10;
                if (scaled - margin >> 28 == scaled + margin >> 28) return _int16(scaled >> 28);
            }
        }
        return exact(bits, word >> 128 & 0xffffffff, word >> 96 & 0xffffffff);
    }

    /// @dev Scales one value with every rounding that TypeScript makes. A binary64 between them changes nothing: it
    /// holds more than twice the digits.
    function exact(uint256 bits, uint256 mean, uint256 deviation) internal pure returns (int256) {
        if (bits >> 23 & 0xff == 0xff || deviation == 0) return 0;
        // Numbers of 24 bits, shifted by at most 253 in sum.
        unchecked {
            (int256 difference, int256 exponent) = _difference(bits, mean);
            if (difference == 0) return 0;
            bool isNegative = difference < 0;
            (uint256 digits, uint256 dropped) = _round(uint256(isNegative ? -difference : difference));
            exponent += int256(dropped);
            // From 2^128 on it is infinite in binary32.
            if (exponent > 103 && int256(Math.log2(digits)) + exponent >= 128) {
                return isNegative ? INT16_MIN : INT16_MAX;
            }

            (uint256 divisor, int256 divisorExponent) = _parts(deviation);
            // Where the division leaves a rest, a last bit says so: enough to round by.
            digits = digits << 60;
            digits = digits / divisor << 1 | (digits % divisor == 0 ? 0 : 1);
            (digits, dropped) = _round(digits);
            // Times 4,096.
            exponent += int256(dropped) - 61 - divisorExponent + 12;
            // 24 digits, or 2^24, before the point are above every int16; a hundred zeros behind it are nothing.
            if (exponent >= 0) return isNegative ? INT16_MIN : INT16_MAX;
            if (exponent < -100) return 0;
            int256 scaled = isNegative ? -int256(digits) : int256(digits);
            scaled = scaled + int256(ONE << uint256(-exponent - 1)) >> uint256(-exponent);
            return _int16(scaled);
        }
    }

    /// @dev The exact difference of two finite binary32 numbers, times 2^exponent; or the larger one of the two, when the other
    /// is too small to matter to its 24 digits.
    function _difference(uint256 left, uint256 right) private pure returns (int256 digits, int256 exponent) {
        unchecked {
            (uint256 a, int256 aExponent) = _parts(left & 0x7fffffff);
            (uint256 b, int256 bExponent) = _parts(right & 0x7fffffff);
            int256 signedA = left >> 31 == 1 ? -int256(a) : int256(a);
            int256 signedB = right >> 31 == 1 ? -int256(b) : int256(b);
            int256 shift = aExponent - bExponent;
            if (shift > 200) return (signedA, aExponent);
            if (shift < -200) return (-signedB, bExponent);
            if (shift >= 0) return ((signedA << uint256(shift)) - signedB, bExponent);
            return (signedA - (signedB << uint256(-shift)), aExponent);
        }
    }

    /// @dev Digits and exponent of a finite binary32 number that is not negative.
    function _parts(uint256 bits) private pure returns (uint256 digits, int256 exponent) {
        unchecked {
            uint256 field = bits >> 23;
            if (field == 0) return (bits, -149);
            return (bits & 0x7fffff | 0x800000, int256(field) - 150);
        }
    }

    /// @dev Rounds to 24 digits, to even ones where two are as near.
    function _round(uint256 exactDigits) private pure returns (uint256 digits, uint256 dropped) {
        unchecked {
            uint256 highest = Math.log2(exactDigits);
            if (highest < 24) return (exactDigits, 0);
            dropped = highest - 23;
            digits = exactDigits >> dropped;
            uint256 rest = exactDigits - (digits << dropped);
            uint256 half = ONE << dropped - 1;
            if (rest > half || (rest == half && digits & 1 == 1)) ++digits;
        }
    }

    function _int16(int256 value) private pure returns (int256) {
        return value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value;
    }
}
