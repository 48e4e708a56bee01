// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev The Merkle tree as RFC 9162, section 2.1, states it, by recursion, for comparison.
library ReferenceTree {
    /// @dev 2.1.1: the tree of n leaves is that of the first k and that of the others, k being the largest power
    /// of two below n.
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        return _root(leaves, 0, leaves.length);
    }

    /// @dev 2.1.3.1, from the leaf up.
    function proofOf(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory proof) {
        return _proof(leaves, 0, leaves.length, index, 0);
    }

    function _root(bytes32[] memory leaves, uint256 from, uint256 count) private pure returns (bytes32) {
        if (count == 1) return leaves[from];
        uint256 left = _split(count);
        return keccak256(abi.encode(_root(leaves, from, left), _root(leaves, from + left, count - left)));
    }

    function _proof(bytes32[] memory leaves, uint256 from, uint256 count, uint256 index, uint256 above)
        private
        pure
        returns (bytes32[] memory proof)
    {
        if (count == 1) return new bytes32[](above);
        uint256 left = _split(count);
        bytes32 sibling;
        if (index < left) {
            proof = _proof(leaves, from, left, index, above + 1);
            sibling = _root(leaves, from + left, count - left);
        } else {
            proof = _proof(leaves, from + left, count - left, index - left, above + 1);
            sibling = _root(leaves, from, left);
        }
        proof[proof.length - 1 - above] = sibling;
    }

    function _split(uint256 count) private pure returns (uint256 left) {
        left = 1;
        while (left * 2 < count) left *= 2;
    }
}
