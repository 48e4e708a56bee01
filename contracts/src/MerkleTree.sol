// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

/// @title Merkle trees of RFC 9162, section 2.1, with keccak256 and hashes that serve as leaves as they are
library MerkleTree {
    /// @notice Computes the root of at least one leaf, in order.
    function rootOf(bytes32[] calldata leaves) internal pure returns (bytes32) {
        bytes32[] memory level = leaves;
        uint256 width = level.length;
        // No index can overflow: all stay below the length of an array in calldata.
        unchecked {
            while (width > 1) {
                uint256 pairs = width / 2;
                for (uint256 i = 0; i < pairs; ++i) {
                    level[i] = Hashes.efficientKeccak256(level[2 * i], level[2 * i + 1]);
                }
                if (width % 2 == 1) level[pairs] = level[width - 1];
                width = (width + 1) / 2;
            }
        }
        return level[0];
    }

    /// @notice Tells whether a proof leads from a leaf at an index of `count` leaves to a root (RFC 9162, 2.1.3.2).
    function proves(bytes32 root, uint256 count, uint256 index, bytes32 leaf, bytes32[] memory proof)
        internal
        pure
        returns (bool)
    {
        (bool fits, bytes32 found) = rootOver(count, index, leaf, proof);
        return fits && found == root;
    }

    /// @notice Computes the root that a proof leads to from a leaf at an index of `count` leaves.
    /// @return fits Whether the proof is one of that place.
    /// @return root The root; nothing to rely on where it does not fit.
    function rootOver(uint256 count, uint256 index, bytes32 leaf, bytes32[] memory proof)
        internal
        pure
        returns (bool fits, bytes32 root)
    {
        if (index >= count) return (false, 0);
        uint256 last = count - 1;
        root = leaf;
        for (uint256 i = 0; i < proof.length; ++i) {
            if (last == 0) return (false, 0);
            if (index % 2 == 1 || index == last) {
                root = Hashes.efficientKeccak256(proof[i], root);
                // A last node without a neighbour goes up as it is.
                while (index % 2 == 0 && index != 0) (index, last) = (index / 2, last / 2);
            } else {
                root = Hashes.efficientKeccak256(root, proof[i]);
            }
            (index, last) = (index / 2, last / 2);
        }
        fits = last == 0;
    }
}
