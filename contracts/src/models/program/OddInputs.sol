// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ScaledInputs} from "./ScaledInputs.sol";

/// @dev Scales the inputs of columns whose mean or deviation is so large or so small that the integers of `ScaledInputs`
/// do not hold them: with every rounding, at numbers of any size.
// Casts lose nothing: digits of 24 bits and exponents of 8, or what is made of them.
// forge-lint: disable-next-item(unsafe-typecast)
library OddInputs {
    uint256 private constant ONE = 1;
    int256 private constant INT16_MAX = 32_767;
    int256 private constant INT16_MIN = -32_768;

    /// @dev Scales what `ScaledInputs.scale` left of a vector: its odd columns.
    function scale(uint256 features, uint256 columns, uint256 count) internal pure {
        // Addresses in memory and calldata.
        unchecked {
            for (uint256 end = columns + 32 * count; columns < end; columns += 32) {
                uint256 bits;
                uint256 word;
                // Solidity cannot read at an address, or write.
                assembly ("memory-safe") {
                    bits := shr(224, calldataload(features))
                    word := mload(columns)
                }
                features += 4;
                if (!ScaledInputs.isOdd(word << 28)) continue;
                uint256 input = ScaledInputs.OFFSET
                    + uint256(_exact(bits, word >> 68 & 0xffffffff, word >> 36 & 0xffffffff));
                assembly ("memory-safe") {
                    mstore(columns, input)
                }
            }
        }
    }

    /// @dev Scales one value with every rounding that TypeScript makes. A binary64 between them changes nothing: it
    /// holds more than twice the digits.
    function _exact(uint256 bits, uint256 mean, uint256 deviation) private pure returns (int256) {
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

    /// @dev The exact difference of two finite binary32 numbers, times 2^exponent; or the larger one of the two, when
    /// the other is too small to matter to its 24 digits.
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
