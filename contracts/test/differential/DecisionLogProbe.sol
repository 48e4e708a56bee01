// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MerkleTree} from "../../src/MerkleTree.sol";

/// @title Computes roots and checks proofs in Solidity, many in one call, for comparison with TypeScript
contract DecisionLogProbe {
    struct Place {
        bytes32 root;
        uint64 count;
        uint64 index;
        bytes32 leaf;
        bytes32[] proof;
    }

    /// @notice Roots of batches of leaves.
    function rootsOf(bytes32[][] calldata batches) external pure returns (bytes32[] memory roots) {
        roots = new bytes32[](batches.length);
        for (uint256 i = 0; i < batches.length; ++i) {
            roots[i] = MerkleTree.rootOf(batches[i]);
        }
    }

    /// @notice Whether each leaf stands where it is said to.
    function verdictsOf(Place[] calldata places) external pure returns (bool[] memory verdicts) {
        verdicts = new bool[](places.length);
        for (uint256 i = 0; i < places.length; ++i) {
            Place calldata given = places[i];
            verdicts[i] = MerkleTree.proves(given.root, given.count, given.index, given.leaf, given.proof);
        }
    }
}
