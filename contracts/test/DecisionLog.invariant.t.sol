// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../src/DecisionLog.sol";
import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {Test} from "./Test.sol";

/// @dev Commits for three agents, rightly and wrongly, and remembers all leaves that were accepted.
contract DecisionLogHandler is Test {
    struct Batch {
        uint64 first;
        bytes32[] leaves;
    }

    uint256 public constant AGENTS = 3;

    DecisionLog public immutable log = new DecisionLog();
    uint256 public accepted;
    uint256 public rejected;
    mapping(address agent => Batch[]) private _batches;

    function commit(uint256 agentSeed, uint256 seed, uint256 size) external {
        address agent = agentAt(agentSeed);
        bytes32[] memory leaves = leavesFrom(seed, within(size, 1, 30));
        uint64 first = leafCount(agent);
        vm.prank(agent);
        log.commit(first, leaves);
        _batches[agent].push(Batch({first: first, leaves: leaves}));
        ++accepted;
    }

    function commitWithGap(uint256 agentSeed, uint64 first) external {
        address agent = agentAt(agentSeed);
        uint64 expected = leafCount(agent);
        if (first == expected) ++first;
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.SequenceGap.selector, expected, first));
        vm.prank(agent);
        log.commit(first, leavesFrom(first, 1));
        ++rejected;
    }

    function commitNothing(uint256 agentSeed) external {
        address agent = agentAt(agentSeed);
        uint64 first = leafCount(agent);
        vm.expectRevert(IDecisionLog.EmptyBatch.selector);
        vm.prank(agent);
        log.commit(first, new bytes32[](0));
        ++rejected;
    }

    function agentAt(uint256 seed) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("agent", seed % AGENTS)))));
    }

    function leafCount(address agent) public view returns (uint64 count) {
        for (uint256 i = 0; i < _batches[agent].length; ++i) {
            count += uint64(_batches[agent][i].leaves.length);
        }
    }

    /// @dev The head that the remembered leaves give, from nothing.
    function headFromLeaves(address agent) external view returns (uint192 head) {
        for (uint256 i = 0; i < _batches[agent].length; ++i) {
            Batch memory batch = _batches[agent][i];
            bytes32 root = ReferenceTree.build(batch.leaves)[0];
            head =
                uint192(uint256(keccak256(abi.encode(head, root, batch.first, uint64(batch.leaves.length)))));
        }
    }
}

contract DecisionLogInvariantTest is Test {
    DecisionLogHandler private handler = new DecisionLogHandler();

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_sequenceHasNoGap() public view {
        for (uint256 i = 0; i < handler.AGENTS(); ++i) {
            address agent = handler.agentAt(i);
            (, uint64 nextSequence) = handler.log().headOf(agent);
            vm.assertEq(nextSequence, handler.leafCount(agent));
        }
    }

    function invariant_headBindsEveryLeaf() public view {
        for (uint256 i = 0; i < handler.AGENTS(); ++i) {
            address agent = handler.agentAt(i);
            (uint192 head,) = handler.log().headOf(agent);
            vm.assertEq(head, handler.headFromLeaves(agent));
        }
    }

    /// @dev A handler that never reached the log would satisfy the invariants without testing anything. Only
    /// a replay of a shortened counterexample has so few calls that one kind may be absent.
    function afterInvariant() external view {
        if (handler.accepted() + handler.rejected() < 32) return;
        vm.assertGt(handler.accepted(), 0);
        vm.assertGt(handler.rejected(), 0);
    }
}
