// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {DecisionRecord, SealedEnvelope} from "./DecisionRecord.sol";

/// @title Hashes of what agents sign, and what is encoded in it
/// @dev TypeScript's `decision-log/hashRecord.ts` and `encodeOutput.ts` are the reference.
library DecisionRecords {
    /// @notice Number of the kind "signal".
    uint8 internal constant SIGNAL = 0;

    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant RECORD_TYPE = keccak256(
        "Decision(address agent,uint64 sequence,uint8 kind,string instrument,uint64 timeMs,string source,"
        "uint64 block,uint64 logIndex,bytes32 dataRoot,bytes32 featureSet,bytes features,bytes32 model,"
        "bytes32 strategy,bytes output,bytes32 explanationHash,uint64 revealAtMs,bytes32 salt)"
    );
    bytes32 private constant SEALED_TYPE = keccak256(
        "Sealed(address agent,uint64 sequence,bytes32 leaf,uint64 revealAtMs,bytes32 keyHash,"
        "bytes32 ciphertextHash)"
    );

    /// @notice Computes the EIP-712 domain separator of a decision log on this chain.
    function domainOf(address log) internal view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, keccak256("Touchstone"), keccak256("1"), block.chainid, log));
    }

    /// @notice Computes a record's leaf: its EIP-712 hash.
    function leafOf(DecisionRecord calldata record, bytes32 domain) internal pure returns (bytes32) {
        // In two parts, as all at once is more than the compiler's stack holds.
        bytes memory first = abi.encode(
            RECORD_TYPE,
            record.agent,
            record.sequence,
            record.kind,
            keccak256(bytes(record.instrument)),
            record.timeMs,
            keccak256(bytes(record.source)),
            record.block,
            record.logIndex
        );
        bytes memory second = abi.encode(
            record.dataRoot,
            record.featureSet,
            keccak256(record.features),
            record.model,
            record.strategy,
            keccak256(record.output),
            record.explanationHash,
            record.revealAtMs,
            record.salt
        );
        return MessageHashUtils.toTypedDataHash(domain, keccak256(bytes.concat(first, second)));
    }

    /// @notice Computes an envelope's EIP-712 hash.
    function hashOf(SealedEnvelope calldata envelope, bytes32 domain) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(
            domain,
            keccak256(
                abi.encode(
                    SEALED_TYPE,
                    envelope.agent,
                    envelope.sequence,
                    envelope.leaf,
                    envelope.revealAtMs,
                    envelope.keyHash,
                    envelope.ciphertextHash
                )
            )
        );
    }

    /// @notice Reads the prediction out of a signal's output.
    /// @return exists Whether a model said anything.
    /// @return score What it said; 0 where it did not.
    /// @return probabilityUpPpm The score as the probability of a rise, in millionths.
    function predictionIn(bytes calldata output)
        internal
        pure
        returns (bool exists, int32 score, uint32 probabilityUpPpm)
    {
        // direction, strength, confidence, horizonMs; hasPrediction, score, probabilityUp
        (,,,, exists, score, probabilityUpPpm) =
            abi.decode(output, (int8, uint32, uint32, uint64, bool, int32, uint32));
    }
}
