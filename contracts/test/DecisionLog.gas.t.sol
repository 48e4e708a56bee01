// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../src/DecisionLog.sol";
import {Test} from "./Test.sol";

/// @dev Execution gas of later batches of one agent, without what a transaction costs by itself. Up to 768 gas
/// a leaf, execution is free: the calldata floor of EIP-7623 (40 gas a byte) then exceeds it with the ordinary
/// price of calldata (16 a byte).
contract DecisionLogGasTest is Test {
    uint256 private constant FREE_GAS_PER_LEAF = 32 * (40 - 16);

    DecisionLog private log = new DecisionLog();

    function setUp() public {
        log.commit(0, leavesFrom(0, 1));
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

    function gasOf(uint256 count) private returns (uint256) {
        bytes32[] memory leaves = leavesFrom(count, count);
        uint256 before = gasleft();
        log.commit(1, leaves);
        return before - gasleft();
    }
}
