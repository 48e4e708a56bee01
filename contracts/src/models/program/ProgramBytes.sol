// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IModelVerifier} from "../../interfaces/IModelVerifier.sol";

/// @dev A program's bytes in memory, and how far they were read.
struct Cursor {
    /// @dev Address of the first byte.
    uint256 start;
    uint256 length;
    /// @dev Bytes read so far.
    uint256 offset;
}

/// @dev Reads the big-endian numbers of a program; the format is that of models/sealed/encodeProgram.ts.
// Casts lose nothing: four bytes were read.
// forge-lint: disable-next-item(unsafe-typecast)
library ProgramBytes {
    /// @dev Bits of binary32's -0, which no program holds.
    uint256 private constant MINUS_ZERO = 0x80000000;
    uint256 private constant EXPONENT = 0x7f800000;

    function u8(Cursor memory cursor) internal pure returns (uint256) {
        return _take(cursor, 1);
    }

    function u16(Cursor memory cursor) internal pure returns (uint256) {
        return _take(cursor, 2);
    }

    function u32(Cursor memory cursor) internal pure returns (uint256) {
        return _take(cursor, 4);
    }

    function i32(Cursor memory cursor) internal pure returns (int256) {
        return int32(uint32(_take(cursor, 4)));
    }

    /// @dev Returns the bits of a finite binary32 number that is not -0.
    function f32(Cursor memory cursor) internal pure returns (uint256 bits) {
        bits = _take(cursor, 4);
        check(cursor, bits != MINUS_ZERO && bits & EXPONENT != EXPONENT);
    }

    /// @dev Passes over bytes that must be there, and returns the address of the first.
    function skip(Cursor memory cursor, uint256 count) internal pure returns (uint256 place) {
        check(cursor, cursor.offset + count <= cursor.length);
        place = cursor.start + cursor.offset;
        cursor.offset += count;
    }

    /// @dev Reverts, naming the place that was reached, unless what was read there is right.
    function check(Cursor memory cursor, bool isRight) internal pure {
        require(isRight, IModelVerifier.MalformedProgram(cursor.offset));
    }

    /// @dev Reads a number of `count` bytes at an address.
    function load(uint256 place, uint256 count) internal pure returns (uint256 value) {
        // Solidity cannot read a few bytes at an address.
        assembly ("memory-safe") {
            value := shr(sub(256, shl(3, count)), mload(place))
        }
    }

    /// @dev Reads a signed number of four bytes at an address.
    function i32At(uint256 place) internal pure returns (int256 value) {
        // As above; the hot paths do not want to pay for a length.
        assembly ("memory-safe") {
            value := sar(224, mload(place))
        }
    }

    function _take(Cursor memory cursor, uint256 count) private pure returns (uint256) {
        return load(skip(cursor, count), count);
    }
}
