// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {DecisionRecord} from "../../src/records/DecisionRecord.sol";
import {ChallengeFixture} from "./ChallengeFixture.sol";

/// @dev Execution gas of challenges, without what a transaction costs by itself and without running a real model.
contract ChallengeGasTest is ChallengeFixture {
    uint256 private constant SECRET = 0xA6E27;

    address private agent = vm.addr(SECRET);

    function setUp() public {
        stakeFor(agent, SECRET, 1000);
    }

    function test_gas_falseOutputSigned() public {
        DecisionRecord memory record = falseSignalOf(agent, 0, 1);
        vm.assertLt(gasOf(record, bySignature(signed(SECRET, record))), 140_000);
    }

    function test_gas_falseOutputAnchoredAmong1000() public {
        (DecisionRecord memory record, bytes32[] memory leaves) = lieAmong(1000);
        commit(agent, leaves);
        vm.assertLt(gasOf(record, byAnchor(agent, 500)), 150_000);
    }

    function test_gas_falseOutputAnchored100BatchesAgo() public {
        (DecisionRecord memory record, bytes32[] memory leaves) = lieAmong(1000);
        commit(agent, leaves);
        for (uint256 i = 0; i < 100; ++i) {
            commitOne(agent, bytes32(i));
        }
        vm.assertLt(gasOf(record, byAnchor(agent, 500)), 150_000 + 100 * 1_100);
    }

    function test_gas_rememberHeadOf100BatchesAgo() public {
        for (uint256 i = 0; i < 101; ++i) {
            commitOne(agent, bytes32(i));
        }
        IDecisionLog.Anchor memory anchor = anchorOf(agent, 0);
        uint192 head = anchorOf(agent, 1).headBefore;
        uint256 before = gasleft();
        challenge.rememberHead(agent, head, 1, anchor.later);
        vm.assertLt(before - gasleft(), 40_000 + 100 * 1_100);
    }

    function lieAmong(uint256 count)
        private
        view
        returns (DecisionRecord memory record, bytes32[] memory leaves)
    {
        record = falseSignalOf(agent, 500, 1);
        leaves = leavesFrom(1, count);
        leaves[500] = challenge.leafOf(record);
    }

    function gasOf(DecisionRecord memory record, IChallenge.Proof memory proof) private returns (uint256) {
        uint256 before = gasleft();
        challenge.falseOutput(record, proof);
        return before - gasleft();
    }
}
