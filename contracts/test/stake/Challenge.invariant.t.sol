// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Test} from "../Test.sol";
import {NoticeHandler} from "./NoticeHandler.sol";

contract ChallengeInvariantTest is Test {
    NoticeHandler private handler = new NoticeHandler();

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev That a proven lie always slashes is asserted where liars lie.
    /// forge-config: default.invariant.runs = 75
    /// forge-config: default.invariant.depth = 400
    /// forge-config: default.invariant.check_interval = 10
    function invariant_honestAgentsAreNeverSlashedAndStakeIsConserved() public view {
        vm.assertEq(handler.framed(), 0);
        uint256 owed = handler.stake().locked() + handler.stake().rewardOf(handler.attacker());
        for (uint256 i = 0; i < handler.HONEST(); ++i) {
            address agent = handler.agentAt(i);
            (uint256 staked,,) = handler.stake().stakeOf(agent);
            vm.assertEq(staked, handler.HONEST_STAKE());
            vm.assertFalse(handler.stake().isMarked(agent));
            owed += staked;
        }
        vm.assertEq(handler.token().balanceOf(address(handler.stake())), owed);
    }

    /// @dev Only a replay of a shortened counterexample has so few calls that one kind may be absent.
    function afterInvariant() external view {
        if (handler.attempts() < 50) return;
        vm.assertGt(handler.exposed(), 0);
        vm.assertGt(handler.opened(), 0);
    }
}
