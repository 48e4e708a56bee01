// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {LogTest} from "./LogTest.sol";

contract DecisionLogPastKeysTest is LogTest {
    address private immutable agent = addressAt(1);

    function test_keyOfSequence_isTheAgentItselfAtFirst() public view {
        vm.assertEq(log.keyOfSequence(agent, 0), agent);
        vm.assertEq(log.keyOfSequence(agent, type(uint64).max), agent);
        vm.assertEq(log.keyAfterEpochs(agent, 0), agent);
        vm.assertEq(log.epochCount(), 0);
    }

    function test_keyOfSequence_isTheLastOfThoseThatBeginThere() public {
        commitOne(agent);
        start(1, 2);
        start(2, 3);
        vm.assertEq(log.keyOfSequence(agent, 0), agent);
        vm.assertEq(log.keyOfSequence(agent, 1), addressAt(3));
        // In the count of all agents they are told apart.
        vm.assertEq(log.keyAfterEpochs(agent, 1), addressAt(2));
        vm.assertEq(log.keyAfterEpochs(agent, 2), addressAt(3));
    }

    /// @dev Against a list of what happened, read from its beginning: decisions, and epochs of this agent and another.
    function testFuzz_pastKeys_areThoseOfTheTime(uint256 seed) public {
        address[] memory bySequence = new address[](24);
        address[] memory byCount = new address[](25);
        byCount[0] = agent;
        (uint256 sequence, uint256 count, uint256 number) = (0, 0, 1);
        for (uint256 i = 0; i < 24; ++i) {
            uint256 what = (seed >> (4 * i)) % 4;
            if (what == 0) {
                bySequence[sequence++] = log.keyOf(agent);
                commitOne(agent);
            } else if (what == 1) {
                address other = addressAt(99);
                uint16 epoch = epochOf(other) + 1;
                vm.prank(other);
                log.startEpoch(other, epoch, other, "", "");
                byCount[++count] = log.keyOf(agent);
            } else {
                // With the same key, or one of three.
                uint256 next = what == 2 ? number : 1 + (seed >> (200 + i)) % 3;
                start(number, next);
                number = next;
                byCount[++count] = addressAt(next);
            }
        }
        vm.assertEq(log.epochCount(), count);
        for (uint64 i = 0; i < sequence; ++i) {
            vm.assertEq(log.keyOfSequence(agent, i), bySequence[i]);
        }
        vm.assertEq(log.keyOfSequence(agent, uint64(sequence)), log.keyOf(agent));
        for (uint64 i = 0; i <= count; ++i) {
            vm.assertEq(log.keyAfterEpochs(agent, i), byCount[i]);
        }
        vm.assertEq(log.keyAfterEpochs(agent, type(uint64).max), log.keyOf(agent));
    }

    /// @dev However many epochs somebody starts, asking stays cheap: the search halves what is left.
    function test_gas_keyOfSequenceAfter1000Epochs() public {
        for (uint256 i = 0; i < 1000; ++i) {
            start(1, 1);
        }
        commitOne(agent);
        uint256 before = gasleft();
        log.keyOfSequence(agent, 0);
        vm.assertLt(before - gasleft(), 60_000);
    }

    /// @dev Gives the agent, which acts by the key of a number, that of another.
    function start(uint256 number, uint256 next) private {
        uint16 epoch = epochOf(agent) + 1;
        address key = addressAt(next);
        bytes memory possession = signEpoch(keyAt(next), agent, epoch, key);
        log.startEpoch(agent, epoch, key, possession, signEpoch(keyAt(number), agent, epoch, key));
    }

    function commitOne(address who) private {
        bytes32 state = log.stateOf(who);
        vm.prank(log.keyOf(who));
        log.commit(who, state, leavesFrom(uint256(state), 1));
    }
}
