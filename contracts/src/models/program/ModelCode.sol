// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CodeStore} from "./CodeStore.sol";
import {ProgramBytes} from "./ProgramBytes.sol";

/// @dev What a compiled model's code begins with.
struct ModelHead {
    bool isTrees;
    uint256 columns;
    /// @dev Layers of a network.
    uint256 layers;
    /// @dev Bytes of the program's link.
    uint256 linkSize;
    /// @dev Columns of a network that `OddInputs` must scale.
    uint256 oddColumns;
}

/// @dev A compiled model as contract code at an address that follows from its hash, so that nothing has to be looked
/// up to find it:
///
/// ```
/// u8 kind, u16 columns, u16 layers, u16 pages, u16 bytes of the link, u16 odd columns; 20 bytes address of each page
/// of a network the program's link, and the words that are not in a page
/// ```
///
/// The pages of trees are the chunks of their program as it is published.
library ModelCode {
    uint256 private constant HEAD_SIZE = 11;

    /// @dev Bytes beside the words of a network.
    function overhead(uint256 pages, uint256 linkSize) internal pure returns (uint256) {
        return HEAD_SIZE + 20 * pages + linkSize;
    }

    /// @dev Stores a compiled model.
    function store(
        bytes32 model,
        ModelHead memory head,
        address[] memory pages,
        bytes memory link,
        bytes memory words
    ) internal {
        bytes memory data = abi.encodePacked(
            head.isTrees,
            SafeCast.toUint16(head.columns),
            SafeCast.toUint16(head.layers),
            SafeCast.toUint16(pages.length),
            SafeCast.toUint16(head.linkSize),
            SafeCast.toUint16(head.oddColumns)
        );
        for (uint256 i = 0; i < pages.length; ++i) {
            data = bytes.concat(data, bytes20(pages[i]));
        }
        if (!head.isTrees) data = bytes.concat(data, link, words);
        Create3.deploy(0, model, CodeStore.creationOf(data));
    }

    function isStored(bytes32 model) internal view returns (bool) {
        return Create3.computeAddress(model).code.length > 0;
    }

    /// @dev Reads a compiled model into memory behind all that is in use; from there on nothing must reserve any.
    /// @return head Its first bytes; 0 for a model that is not compiled.
    /// @return place Of a network where its link begins, of trees where their program does.
    /// @return words Where a network's words begin; where memory is free behind trees.
    function load(bytes32 model) internal view returns (uint256 head, uint256 place, uint256 words) {
        address code = Create3.computeAddress(model);
        uint256 size = code.code.length;
        if (size == 0) return (0, 0, 0);
        // Addresses in memory, and sizes of code.
        unchecked {
            uint256 start;
            // Solidity does not say where memory is free.
            assembly ("memory-safe") {
                start := mload(0x40)
            }
            CodeStore.copy(code, 1, size - 1, start);
            head = ProgramBytes.load(start, HEAD_SIZE);
            uint256 next = start + HEAD_SIZE;
            place = next + 20 * pagesOf(head);
            words = place + linkSizeOf(head);
            if (next == place) return (head, place, words);

            // Pages go before what is left of the code.
            uint256 end = isTrees(head) ? place : words;
            uint256 read = end - start + 1;
            for (; next < place; next += 20) {
                address page = address(uint160(ProgramBytes.load(next, 20)));
                uint256 pageSize = page.code.length - 1;
                CodeStore.copy(page, 1, pageSize, end);
                end += pageSize;
            }
            if (isTrees(head)) return (head, place, end);
            CodeStore.copy(code, read, size - read, end);
        }
    }

    function isTrees(uint256 head) internal pure returns (bool) {
        return head >> 80 == 1;
    }

    function columnsOf(uint256 head) internal pure returns (uint256) {
        return head >> 64 & 0xffff;
    }

    function layersOf(uint256 head) internal pure returns (uint256) {
        return head >> 48 & 0xffff;
    }

    function pagesOf(uint256 head) internal pure returns (uint256) {
        return head >> 32 & 0xffff;
    }

    function linkSizeOf(uint256 head) internal pure returns (uint256) {
        return head >> 16 & 0xffff;
    }

    function oddColumnsOf(uint256 head) internal pure returns (uint256) {
        return head & 0xffff;
    }
}
