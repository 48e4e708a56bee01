// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev OpenZeppelin's merkle-tree as its JavaScript states it, for comparison: an array of 2n - 1 nodes that
/// holds the leaves from the back, and at i the hash of the nodes at 2i + 1 and 2i + 2.
library ReferenceTree {
    function build(bytes32[] memory leaves) internal pure returns (bytes32[] memory tree) {
        tree = new bytes32[](2 * leaves.length - 1);
        for (uint256 i = 0; i < leaves.length; ++i) {
            tree[tree.length - 1 - i] = leaves[i];
        }
        for (uint256 i = leaves.length - 1; i > 0; --i) {
            tree[i - 1] = hashPair(tree[2 * i - 1], tree[2 * i]);
        }
    }

    function proofOf(bytes32[] memory tree, uint256 leafIndex)
        internal
        pure
        returns (bytes32[] memory proof)
    {
        uint256 length = 0;
        for (uint256 i = tree.length - 1 - leafIndex; i > 0; i = (i - 1) / 2) {
            ++length;
        }
        proof = new bytes32[](length);
        length = 0;
        for (uint256 i = tree.length - 1 - leafIndex; i > 0; i = (i - 1) / 2) {
            proof[length++] = tree[i % 2 == 0 ? i - 1 : i + 1];
        }
    }

    function hashPair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }
}
