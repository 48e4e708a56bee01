// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {MerkleTree} from "../MerkleTree.sol";

/// @title Signatures of decisions, alone or in a batch that was signed together
/// @dev TypeScript's `decision-log/batchSignature.ts` is the reference.
library DecisionSignatures {
    bytes32 private constant BATCH_TYPE =
        keccak256("Batch(address agent,uint64 firstSequence,uint64 count,bytes32 root)");

    uint256 private constant SIGNATURE_BYTES = 65;
    /// @dev The batch's signature, its first sequence and its count.
    uint256 private constant PATH_FROM = SIGNATURE_BYTES + 8 + 8;

    /// @notice Returns who signed a decision's leaf: 65 bytes over the leaf; or 65 bytes over the batch that holds it
    /// at its sequence, the batch's first sequence and its count (8 bytes each), and the hashes of the siblings from the
    /// leaf up (32 bytes each).
    /// @return signer Zero where the signature is none.
    function signerOf(address agent, uint64 sequence, bytes32 leaf, bytes calldata signature, bytes32 domain)
        internal
        pure
        returns (address signer)
    {
        bytes32 digest = leaf;
        if (signature.length != SIGNATURE_BYTES) {
            (bool fits, bytes32 message) = _batchOf(agent, sequence, leaf, signature);
            if (!fits) return address(0);
            digest = MessageHashUtils.toTypedDataHash(domain, message);
            signature = signature[:SIGNATURE_BYTES];
        }
        (signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
    }

    /// @dev The struct hash of the batch that the rest of the signature describes.
    function _batchOf(address agent, uint64 sequence, bytes32 leaf, bytes calldata signature)
        private
        pure
        returns (bool fits, bytes32 message)
    {
        if (signature.length < PATH_FROM || (signature.length - PATH_FROM) % 32 != 0) return (false, 0);
        uint64 first = uint64(bytes8(signature[SIGNATURE_BYTES:SIGNATURE_BYTES + 8]));
        uint64 count = uint64(bytes8(signature[SIGNATURE_BYTES + 8:PATH_FROM]));
        if (sequence < first) return (false, 0);
        bytes32[] memory proof = new bytes32[]((signature.length - PATH_FROM) / 32);
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = bytes32(signature[PATH_FROM + 32 * i:PATH_FROM + 32 * (i + 1)]);
        }
        bytes32 root;
        (fits, root) = MerkleTree.rootOver(count, sequence - first, leaf, proof);
        message = keccak256(abi.encode(BATCH_TYPE, agent, first, count, root));
    }
}
