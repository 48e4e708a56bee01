// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IDecisionLog} from "./interfaces/IDecisionLog.sol";

/// @title The log that agents commit their decisions to; see `IDecisionLog`
contract DecisionLog is IDecisionLog {
    /// @dev One storage slot: the head in the high 192 bits, the next sequence in the low 64.
    struct Log {
        uint64 nextSequence;
        uint192 head;
    }

    mapping(address agent => Log) private _logs;

    /// @inheritdoc IDecisionLog
    function commit(uint64 firstSequence, bytes32[] calldata leaves) external returns (bytes32 root) {
        require(leaves.length > 0, EmptyBatch());
        Log memory log = _logs[msg.sender];
        require(firstSequence == log.nextSequence, SequenceGap(log.nextSequence, firstSequence));

        uint64 count = uint64(leaves.length);
        root = _rootOf(leaves);
        uint192 head = uint192(uint256(keccak256(abi.encode(log.head, root, firstSequence, count))));
        _logs[msg.sender] = Log({nextSequence: firstSequence + count, head: head});
        emit BatchCommitted(msg.sender, firstSequence, count, root, head);
    }

    /// @inheritdoc IDecisionLog
    function headOf(address agent) external view returns (uint192 head, uint64 nextSequence) {
        Log memory log = _logs[agent];
        return (log.head, log.nextSequence);
    }

    /// @inheritdoc IDecisionLog
    function verify(bytes32 root, bytes32 leaf, bytes32[] calldata proof) external pure returns (bool) {
        return MerkleProof.verifyCalldata(proof, root, leaf);
    }

    /// @dev The leaves' own array serves as the queue. It is a ring: reads run round it twice as fast as
    /// writes, so an entry is overwritten only after it has been read.
    function _rootOf(bytes32[] calldata leaves) private pure returns (bytes32 root) {
        bytes32[] memory queue = leaves;
        uint256 count = queue.length;
        root = queue[0];
        uint256 read = 0;
        // No index can overflow: all stay below the length of an array in calldata.
        unchecked {
            for (uint256 written = 0; written < count - 1; ++written) {
                bytes32 left = queue[read];
                if (++read == count) read = 0;
                bytes32 right = queue[read];
                if (++read == count) read = 0;
                root = Hashes.commutativeKeccak256(left, right);
                queue[written] = root;
            }
        }
    }
}
