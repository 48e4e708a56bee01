// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {DecisionLog} from "../src/DecisionLog.sol";
import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {LogTest} from "./LogTest.sol";

/// @dev Key 1 is the agent's first, key 2 its next, key 3 the identity owner's, key 4 a stranger's.
contract DecisionLogEpochTest is LogTest {
    uint256 private constant TOKEN = 77;

    address private immutable agent = addressAt(1);
    address private immutable next = addressAt(2);
    address private immutable owner = addressAt(3);
    address private immutable stranger = addressAt(4);

    function setUp() public {
        tokens.mint(owner, TOKEN);
    }

    function test_startEpoch_withTheSameKeyRefusesTheHostOfBefore() public {
        bytes32 held = commitOne(agent);
        vm.expectEmit();
        emit IDecisionLog.EpochStarted(agent, 1, agent, 1);
        vm.prank(agent);
        log.startEpoch(agent, 1, agent, "", "");

        bytes32 state = log.stateOf(agent);
        vm.assertEq(uint256(state), uint256(held) + (1 << 48));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.StateMoved.selector, state, held));
        vm.prank(agent);
        log.commit(agent, held, leavesFrom(2, 1));
        vm.prank(agent);
        log.commit(agent, state, leavesFrom(2, 1));
        vm.assertEq(sequenceOf(agent), 2);
    }

    function test_startEpoch_withTheSameKeyByAnybodyWithItsSignature() public {
        log.startEpoch(agent, 1, agent, signEpoch(keyAt(1), agent, 1, agent), "");
        vm.assertEq(epochOf(agent), 1);
        vm.assertEq(log.keyOf(agent), agent);
    }

    function test_startEpoch_givesTheAgentAnotherKey() public {
        commitOne(agent);
        bytes memory authority = signEpoch(keyAt(1), agent, 1, next);
        vm.expectEmit();
        emit IDecisionLog.EpochStarted(agent, 1, next, 1);
        vm.prank(next);
        log.startEpoch(agent, 1, next, "", authority);

        vm.assertEq(log.keyOf(agent), next);
        bytes32 state = log.stateOf(agent);
        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(agent);
        log.commit(agent, state, leavesFrom(2, 1));
        vm.assertEq(log.commitMany(one(relayed(keyAt(1), agent, state, leavesFrom(2, 1)))), 0);
        vm.assertEq(log.commitMany(one(relayed(keyAt(2), agent, state, leavesFrom(2, 1)))), 1);
        vm.assertEq(sequenceOf(agent), 2);
    }

    function test_startEpoch_byARelayWithBothSignatures() public {
        log.startEpoch(
            agent, 1, next, signEpoch(keyAt(2), agent, 1, next), signEpoch(keyAt(1), agent, 1, next)
        );
        vm.assertEq(log.keyOf(agent), next);
    }

    function test_startEpoch_mayReturnToAnEarlierKey() public {
        rotate(1, 2, 1);
        rotate(2, 1, 2);
        vm.assertEq(log.keyOf(agent), agent);
        bytes32 state = log.stateOf(agent);
        vm.prank(agent);
        log.commit(agent, state, leavesFrom(1, 1));
    }

    function test_startEpoch_refusesARetiredKey() public {
        rotate(1, 2, 1);
        bytes memory authority = signEpoch(keyAt(1), agent, 2, stranger);
        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(stranger);
        log.startEpoch(agent, 2, stranger, "", authority);
        bytes memory possession = signEpoch(keyAt(1), agent, 2, agent);
        vm.expectRevert(notAuthorised(agent, agent));
        log.startEpoch(agent, 2, agent, possession, possession);
    }

    function test_startEpoch_refusesAKeyThatNobodyShowsToHold() public {
        bytes memory authority = signEpoch(keyAt(1), agent, 1, next);
        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(agent);
        log.startEpoch(agent, 1, next, "", "");
        vm.expectRevert(notAuthorised(agent, agent));
        log.startEpoch(agent, 1, next, authority, authority);
        vm.expectRevert(notAuthorised(agent, address(0)));
        log.startEpoch(agent, 1, next, hex"00", authority);
        vm.expectRevert(notAuthorised(agent, address(0)));
        log.startEpoch(agent, 1, address(0), hex"00", authority);
    }

    function test_startEpoch_refusesAKeyThatTheAgentDidNotAllow() public {
        vm.expectRevert(notAuthorised(agent, stranger));
        vm.prank(stranger);
        log.startEpoch(agent, 1, stranger, "", "");
        bytes memory forged = signEpoch(keyAt(4), agent, 1, stranger);
        vm.expectRevert(notAuthorised(agent, stranger));
        log.startEpoch(agent, 1, stranger, forged, forged);
        vm.expectRevert(notAuthorised(agent, address(0)));
        log.startEpoch(agent, 1, stranger, forged, hex"00");
    }

    function test_startEpoch_refusesTheAllowanceForAnotherKeyOrEpochOrAgent() public {
        bytes memory possession = signEpoch(keyAt(2), agent, 1, next);
        bytes[3] memory wrong = [
            signEpoch(keyAt(1), agent, 1, stranger),
            signEpoch(keyAt(1), agent, 2, next),
            signEpoch(keyAt(1), next, 1, next)
        ];
        for (uint256 i = 0; i < wrong.length; ++i) {
            vm.expectPartialRevert(IDecisionLog.NotAuthorised.selector);
            log.startEpoch(agent, 1, next, possession, wrong[i]);
        }
    }

    function test_startEpoch_happensOnce() public {
        bytes memory possession = signEpoch(keyAt(1), agent, 1, agent);
        log.startEpoch(agent, 1, agent, possession, "");
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.WrongEpoch.selector, uint16(2), uint16(1)));
        log.startEpoch(agent, 1, agent, possession, "");
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.WrongEpoch.selector, uint16(2), uint16(3)));
        log.startEpoch(agent, 3, agent, possession, "");
    }

    function test_startEpoch_byTheIdentitysOwnerReplacesALostKey() public {
        bind();
        bytes memory authority = signEpoch(keyAt(3), agent, 1, next);
        vm.prank(next);
        log.startEpoch(agent, 1, next, "", authority);
        vm.assertEq(log.keyOf(agent), next);
    }

    function test_startEpoch_byTheIdentitysOwnerAsTheSender() public {
        bind();
        bytes memory possession = signEpoch(keyAt(2), agent, 1, next);
        vm.prank(owner);
        log.startEpoch(agent, 1, next, possession, "");
        vm.assertEq(log.keyOf(agent), next);
    }

    function test_startEpoch_refusesAnIdentitysFormerOwner() public {
        bind();
        bytes memory authority = signEpoch(keyAt(3), agent, 1, next);
        vm.prank(owner);
        tokens.transferFrom(owner, stranger, TOKEN);
        vm.expectRevert(notAuthorised(agent, owner));
        vm.prank(next);
        log.startEpoch(agent, 1, next, "", authority);
    }

    function test_startEpoch_byTheKeyWorksWhenTheIdentityIsGone() public {
        bind();
        tokens.burn(TOKEN);
        rotate(1, 2, 1);
        vm.assertEq(log.keyOf(agent), next);
        bytes memory authority = signEpoch(keyAt(3), agent, 2, stranger);
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, TOKEN));
        vm.prank(stranger);
        log.startEpoch(agent, 2, stranger, "", authority);
    }

    function test_startEpoch_leavesTheLastHalfToTheIdentitysOwner() public {
        bind();
        vm.prank(agent);
        log.startEpoch(agent, 1, agent, "", "");
        setState(agent, bytes32(uint256(2 ** 15 - 2) << 48));
        vm.prank(agent);
        log.startEpoch(agent, 2 ** 15 - 1, agent, "", "");

        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(agent);
        log.startEpoch(agent, 2 ** 15, agent, "", "");
        bytes memory possession = signEpoch(keyAt(2), agent, 2 ** 15, next);
        vm.prank(owner);
        log.startEpoch(agent, 2 ** 15, next, possession, "");
        vm.assertEq(log.keyOf(agent), next);
    }

    function test_startEpoch_revertsAfterTheLast() public {
        setState(agent, bytes32(uint256(type(uint16).max) << 48));
        vm.expectRevert(abi.encodeWithSignature("Panic(uint256)", 0x11));
        vm.prank(agent);
        log.startEpoch(agent, 0, agent, "", "");
    }

    function test_keyOf_isTheAgentItselfAtFirst() public view {
        vm.assertEq(log.keyOf(agent), agent);
    }

    function test_bindIdentity_isSentByTheOwnerAndSignedByTheKey() public {
        (bool bound, uint256 identity) = log.identityOf(agent);
        vm.assertFalse(bound);
        bytes memory signature = signIdentity(keyAt(1), agent, TOKEN);
        vm.expectEmit();
        emit IDecisionLog.IdentityBound(agent, TOKEN);
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, signature);
        (bound, identity) = log.identityOf(agent);
        vm.assertTrue(bound);
        vm.assertEq(identity, TOKEN);
    }

    function test_bindIdentity_ofTokenZero() public {
        tokens.mint(agent, 0);
        vm.prank(agent);
        log.bindIdentity(agent, 0, "");
        (bool bound, uint256 identity) = log.identityOf(agent);
        vm.assertTrue(bound);
        vm.assertEq(identity, 0);
    }

    function test_bindIdentity_happensOnce() public {
        bind();
        tokens.mint(agent, 78);
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.AlreadyBound.selector, agent, TOKEN));
        vm.prank(agent);
        log.bindIdentity(agent, 78, "");
    }

    function test_bindIdentity_refusesWhoDoesNotOwnTheToken() public {
        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(agent);
        log.bindIdentity(agent, TOKEN, "");
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 5));
        vm.prank(agent);
        log.bindIdentity(agent, 5, "");
    }

    function test_bindIdentity_refusesAnybodyButTheKey() public {
        vm.expectRevert(notAuthorised(agent, owner));
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, "");
        bytes memory another = signIdentity(keyAt(1), agent, TOKEN + 1);
        vm.expectPartialRevert(IDecisionLog.NotAuthorised.selector);
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, another);

        rotate(1, 2, 1);
        bytes memory retired = signIdentity(keyAt(1), agent, TOKEN);
        vm.expectRevert(notAuthorised(agent, agent));
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, retired);
        bytes memory present = signIdentity(keyAt(2), agent, TOKEN);
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, present);
    }

    function test_bindIdentity_refusesAddressZero() public {
        vm.expectRevert(notAuthorised(address(0), address(0)));
        vm.prank(owner);
        log.bindIdentity(address(0), TOKEN, hex"00");
    }

    function test_bindIdentity_revertsWithoutARegistry() public {
        DecisionLog alone = new DecisionLog(address(0));
        vm.assertEq(alone.identityRegistry(), address(0));
        vm.expectRevert(abi.encodeWithSelector(IDecisionLog.NoIdentityRegistry.selector));
        alone.bindIdentity(agent, TOKEN, "");
    }

    /// @dev Key `from` is the present one, and hands over to key `to`.
    function rotate(uint256 from, uint256 to, uint16 epoch) private {
        bytes memory authority = signEpoch(keyAt(from), agent, epoch, addressAt(to));
        vm.prank(addressAt(to));
        log.startEpoch(agent, epoch, addressAt(to), "", authority);
    }

    function bind() private {
        bytes memory signature = signIdentity(keyAt(1), agent, TOKEN);
        vm.prank(owner);
        log.bindIdentity(agent, TOKEN, signature);
    }

    function commitOne(address key) private returns (bytes32 state) {
        state = log.stateOf(agent);
        vm.prank(key);
        log.commit(agent, state, leavesFrom(1, 1));
        return log.stateOf(agent);
    }
}
