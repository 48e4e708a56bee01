// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RevealLog} from "../src/RevealLog.sol";
import {IRevealLog} from "../src/interfaces/IRevealLog.sol";
import {Test} from "./Test.sol";

contract RevealLogTest is Test {
    RevealLog private log = new RevealLog();

    function setUp() public {
        vm.warp(1_700_000_000);
    }

    function test_reveal_emitsTheKey() public {
        vm.expectEmit();
        emit IRevealLog.Revealed(address(7), 1_700_000_000_000, bytes32(uint256(1)));
        log.reveal(address(7), 1_700_000_000_000, bytes32(uint256(1)));
    }

    function testFuzz_reveal_isAnybodys(address sender, address agent, bytes32 key) public {
        vm.expectEmit();
        emit IRevealLog.Revealed(agent, 5, key);
        vm.prank(sender);
        log.reveal(agent, 5, key);
    }

    function testFuzz_reveal_revertsBeforeItsTime(uint64 revealAtMs) public {
        revealAtMs = uint64(within(revealAtMs, 1_700_000_000_001, type(uint64).max));
        vm.expectRevert(
            abi.encodeWithSelector(IRevealLog.RevealTooEarly.selector, revealAtMs, 1_700_000_000_000)
        );
        log.reveal(address(7), revealAtMs, bytes32(uint256(1)));
    }

    function test_revealMany_emitsEveryKeyInOrder() public {
        IRevealLog.Reveal[] memory reveals = new IRevealLog.Reveal[](3);
        for (uint64 i = 0; i < 3; ++i) {
            reveals[i] = IRevealLog.Reveal(address(uint160(i)), 100 + i, keccak256(abi.encode(i)));
        }
        for (uint64 i = 0; i < 3; ++i) {
            vm.expectEmit();
            emit IRevealLog.Revealed(address(uint160(i)), 100 + i, keccak256(abi.encode(i)));
        }
        log.revealMany(reveals);
    }

    function test_revealMany_isAllOrNothing() public {
        IRevealLog.Reveal[] memory reveals = new IRevealLog.Reveal[](2);
        reveals[1].revealAtMs = 1_700_000_000_001;
        vm.expectPartialRevert(IRevealLog.RevealTooEarly.selector);
        log.revealMany(reveals);
    }

    function test_revealMany_revertsIfNothingIsGiven() public {
        vm.expectRevert(IRevealLog.NothingToReveal.selector);
        log.revealMany(new IRevealLog.Reveal[](0));
    }
}
