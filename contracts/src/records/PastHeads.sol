// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../interfaces/IDecisionLog.sol";
import {IPastHeads} from "../interfaces/IPastHeads.sol";

/// @title What agents anchored, however long ago; see `IPastHeads`
abstract contract PastHeads is IPastHeads {
    /// @inheritdoc IPastHeads
    IDecisionLog public immutable log;

    mapping(address agent => mapping(uint192 head => bool)) private _remembered;

    constructor(IDecisionLog log_) {
        log = log_;
    }

    /// @inheritdoc IPastHeads
    function rememberHead(
        address agent,
        uint192 head,
        uint64 nextSequence,
        IDecisionLog.Batch[] calldata later
    ) external {
        require(isKnownHead(agent, _headAfter(head, nextSequence, later)), UnrelatedHead(agent, head));
        _remembered[agent][head] = true;
        emit HeadRemembered(agent, head);
    }

    /// @inheritdoc IPastHeads
    function isKnownHead(address agent, uint192 head) public view returns (bool) {
        if (_remembered[agent][head]) return true;
        (uint192 present,,) = log.headOf(agent);
        return head == present;
    }

    /// @inheritdoc IPastHeads
    function isAnchored(address agent, uint64 sequence, bytes32 leaf, IDecisionLog.Anchor calldata anchor)
        public
        view
        returns (bool)
    {
        if (sequence < anchor.firstSequence) return false;
        uint64 index = sequence - anchor.firstSequence;
        if (!log.verify(anchor.root, anchor.count, index, leaf, anchor.proof)) return false;
        uint192 head = _nextHead(anchor.headBefore, anchor.root, anchor.firstSequence, anchor.count);
        return isKnownHead(agent, _headAfter(head, anchor.firstSequence + anchor.count, anchor.later));
    }

    function _headAfter(uint192 head, uint64 nextSequence, IDecisionLog.Batch[] calldata batches)
        private
        pure
        returns (uint192)
    {
        for (uint256 i = 0; i < batches.length; ++i) {
            IDecisionLog.Batch calldata batch = batches[i];
            head = _nextHead(head, batch.root, nextSequence, batch.count);
            nextSequence += batch.count;
        }
        return head;
    }

    /// @dev As `IDecisionLog.headOf` says.
    function _nextHead(uint192 head, bytes32 root, uint64 first, uint64 count)
        private
        pure
        returns (uint192)
    {
        return uint192(uint256(keccak256(abi.encode(head, root, first, count))));
    }
}
