// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";

/// @dev Bytes as the code of contracts that do nothing: cheaper to read than storage, and never to be changed. The
/// code is a STOP, so that it cannot be run, and the bytes.
library CodeStore {
    /// @dev Most bytes of one contract: EIP-170's limit less the STOP.
    uint256 internal constant LIMIT = 24_575;

    /// @dev Creation code that returns all that follows it: PUSH1 11 MSIZE DUP2 CODESIZE SUB DUP1 SWAP3
    /// MSIZE CODECOPY RETURN.
    bytes11 private constant CREATOR = 0x600b5981380380925939f3;

    /// @dev Stores bytes at the address that follows from them, unless they are there already.
    function store(bytes memory data) internal returns (address place) {
        bytes memory creation = creationOf(data);
        place = Create2.computeAddress(0, keccak256(creation));
        if (place.code.length == 0) Create2.deploy(0, 0, creation);
    }

    /// @dev Returns what creates a contract whose code is the STOP and the bytes.
    function creationOf(bytes memory data) internal pure returns (bytes memory) {
        return abi.encodePacked(CREATOR, bytes1(0), data);
    }

    /// @dev Tells whether an address holds bytes that this contract stored.
    function isStored(address place) internal view returns (bool) {
        bytes32 creation = keccak256(abi.encodePacked(CREATOR, place.code));
        return place.code.length > 1 && Create2.computeAddress(0, creation) == place;
    }

    /// @dev Returns the bytes of several contracts as one.
    function readAll(address[] memory from) internal view returns (bytes memory data) {
        uint256 length = 0;
        for (uint256 i = 0; i < from.length; ++i) {
            length += from[i].code.length - 1;
        }
        data = new bytes(length);
        uint256 to = addressOf(data);
        for (uint256 i = 0; i < from.length; ++i) {
            uint256 size = from[i].code.length - 1;
            copy(from[i], 1, size, to);
            to += size;
        }
    }

    /// @dev Where bytes begin in memory.
    function addressOf(bytes memory data) internal pure returns (uint256 place) {
        // Solidity gives no other access to an address in memory.
        assembly ("memory-safe") {
            place := add(data, 32)
        }
    }

    /// @dev Copies part of a contract's code to memory that the caller has reserved.
    function copy(address from, uint256 begin, uint256 size, uint256 to) internal view {
        // Solidity can only copy the whole code, to memory of its own choice.
        assembly ("memory-safe") {
            extcodecopy(from, to, begin, size)
        }
    }
}
