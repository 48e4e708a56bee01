// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLogHandler} from "./DecisionLogHandler.sol";
import {Test} from "./Test.sol";

/// @dev The handler compares heads, epochs and keys after each call; nothing else moves the log. Two campaigns, which
/// run beside each other, share the calls: 102,400 in all.
abstract contract DecisionLogInvariants is Test {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    DecisionLogHandler internal handler = new DecisionLogHandler();

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), calls());
    }

    /// @dev A handler that never reached the log would satisfy the invariant without testing anything. Only a
    /// replay of a shortened counterexample has so few calls that one kind may be absent.
    function afterInvariant() external view {
        if (handler.accepted() + handler.refused() < 64) return;
        vm.assertGt(handler.accepted(), 0);
        vm.assertGt(handler.refused(), 0);
        vm.assertGt(handler.epochs(), 0);
    }

    function calls() internal view virtual returns (bytes4[] memory);

    function check() internal view {
        for (uint256 i = 0; i < handler.AGENTS(); ++i) {
            bytes32 state = handler.stateOf(i);
            vm.assertEq(state, handler.expectedState(i));
            vm.assertEq(uint256(uint48(uint256(state))), handler.leafCount(i));
        }
    }
}

contract DecisionLogSenderInvariantTest is DecisionLogInvariants {
    /// forge-config: default.invariant.runs = 400
    /// forge-config: default.invariant.depth = 128
    function invariant_theLogHoldsWhatItsKeysCommittedAndNothingElse() public view {
        check();
    }

    function calls() internal view override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](7);
        selectors[0] = handler.commit.selector;
        selectors[1] = handler.commitRoot.selector;
        selectors[2] = handler.commitByAnotherKey.selector;
        selectors[3] = handler.commitToAPastState.selector;
        selectors[4] = handler.commitNothing.selector;
        selectors[5] = handler.startEpoch.selector;
        selectors[6] = handler.startEpochWrongly.selector;
    }
}

contract DecisionLogRelayInvariantTest is DecisionLogInvariants {
    /// forge-config: default.invariant.runs = 400
    /// forge-config: default.invariant.depth = 128
    function invariant_theLogHoldsWhatItsKeysSignedAndNothingElse() public view {
        check();
    }

    function calls() internal view override returns (bytes4[] memory selectors) {
        selectors = new bytes4[](5);
        selectors[0] = handler.relay.selector;
        selectors[1] = handler.relayAgain.selector;
        selectors[2] = handler.commit.selector;
        selectors[3] = handler.startEpoch.selector;
        selectors[4] = handler.commitToAPastState.selector;
    }
}
