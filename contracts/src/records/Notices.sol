// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../interfaces/IDecisionLog.sol";
import {INotices} from "../interfaces/INotices.sol";
import {DecisionRecords} from "./DecisionRecords.sol";
import {DecisionSignatures} from "./DecisionSignatures.sol";

/// @title What agents had signed before they changed their keys; see `INotices`
abstract contract Notices is INotices {
    struct Notice {
        uint64 until;
        uint64 epochs;
    }

    /// @inheritdoc INotices
    uint64 public immutable noticeSeconds;

    /// @dev Apart from `IPastHeads.log`: neither contract needs the other.
    IDecisionLog private immutable _keysOf;

    mapping(bytes32 commitment => Notice) private _notices;
    mapping(address agent => mapping(address key => mapping(bytes32 digest => uint256 until))) private _kept;

    constructor(IDecisionLog log, uint64 noticeSeconds_) {
        _keysOf = log;
        noticeSeconds = noticeSeconds_;
    }

    /// @inheritdoc INotices
    function giveNotice(bytes32 commitment) external {
        // Nobody who copies it can make it a later one.
        if (block.timestamp <= _notices[commitment].until) return;
        _notices[commitment] = Notice(uint64(block.timestamp) + noticeSeconds, _keysOf.epochCount());
        emit NoticeGiven(commitment);
    }

    /// @inheritdoc INotices
    function openNotice(
        address agent,
        uint64 sequence,
        bytes32 digest,
        bytes calldata signature,
        bytes32 salt
    ) external {
        bytes32 commitment = commitmentOf(agent, sequence, digest, signature, salt);
        Notice memory notice = _notices[commitment];
        require(block.timestamp <= notice.until, NoNotice(commitment));
        bytes32 domain = DecisionRecords.domainOf(address(_keysOf));
        address signer = DecisionSignatures.signerOf(agent, sequence, digest, signature, domain);
        // Zero where the signature is none.
        require(
            signer != address(0) && signer == _keysOf.keyAfterEpochs(agent, notice.epochs),
            NotSignedThen(agent, digest)
        );
        if (notice.until > _kept[agent][signer][digest]) _kept[agent][signer][digest] = notice.until;
        emit StatementKept(agent, signer, digest, notice.until);
    }

    /// @inheritdoc INotices
    function commitmentOf(
        address agent,
        uint64 sequence,
        bytes32 digest,
        bytes calldata signature,
        bytes32 salt
    ) public pure returns (bytes32) {
        return keccak256(abi.encode(agent, sequence, digest, keccak256(signature), salt));
    }

    /// @inheritdoc INotices
    function noticeUntil(bytes32 commitment) external view returns (uint256) {
        return _notices[commitment].until;
    }

    /// @inheritdoc INotices
    function isKept(address agent, address key, bytes32 digest) public view returns (bool) {
        return block.timestamp <= _kept[agent][key][digest];
    }
}
