// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {LogTest} from "./LogTest.sol";

/// @dev Execution gas of later batches, without what a transaction costs by itself. Up to 768 gas a leaf,
/// execution is free: the calldata floor of EIP-7623 (40 gas a byte) then exceeds it with the ordinary price of
/// calldata (16 a byte).
contract DecisionLogGasTest is LogTest {
    uint256 private constant FREE_GAS_PER_LEAF = 32 * (40 - 16);

    function setUp() public {
        log.commit(address(this), 0, leavesFrom(0, 1));
    }

    function test_gas_commit1() public {
        vm.assertLt(gasOf(1), 15_000);
    }

    function test_gas_commit10() public {
        vm.assertLt(gasOf(10), 20_000);
    }

    function test_gas_commit100() public {
        vm.assertLt(gasOf(100), 100 * FREE_GAS_PER_LEAF);
    }

    function test_gas_commit1000() public {
        vm.assertLt(gasOf(1000), 1000 * FREE_GAS_PER_LEAF);
    }

    function test_gas_commitRoot() public {
        vm.assertLt(gasOfRoot(), 12_000);
    }

    function test_gas_commitRootAfterAnEpoch() public {
        log.startEpoch(address(this), 1, address(this), "", "");
        vm.assertLt(gasOfRoot(), 12_500);
    }

    function test_gas_commitMany1() public {
        vm.assertLt(gasOfRelay(1), 20_000);
    }

    function test_gas_commitMany10() public {
        vm.assertLt(gasOfRelay(10), 10 * 15_000);
    }

    function test_gas_commitMany100() public {
        vm.assertLt(gasOfRelay(100), 100 * 15_000);
    }

    function gasOf(uint256 count) private returns (uint256) {
        bytes32[] memory leaves = leavesFrom(count, count);
        bytes32 state = log.stateOf(address(this));
        uint256 before = gasleft();
        log.commit(address(this), state, leaves);
        return before - gasleft();
    }

    function gasOfRoot() private returns (uint256) {
        bytes32 state = log.stateOf(address(this));
        uint256 before = gasleft();
        log.commitRoot(address(this), state, 1000, keccak256("root"));
        return before - gasleft();
    }

    /// @dev Root-only batches of agents that have committed before.
    function gasOfRelay(uint256 agents) private returns (uint256) {
        IDecisionLog.Commit[] memory commits = new IDecisionLog.Commit[](agents);
        for (uint256 i = 0; i < agents; ++i) {
            address agent = addressAt(i);
            vm.prank(agent);
            log.commitRoot(agent, 0, 1, keccak256("first"));
            commits[i] = relayedRoot(keyAt(i), agent, log.stateOf(agent), 1000, keccak256("root"));
        }
        uint256 before = gasleft();
        vm.assertEq(log.commitMany(commits), agents);
        return before - gasleft();
    }
}
