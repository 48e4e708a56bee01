// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../src/DecisionLog.sol";
import {IDecisionLog} from "../src/interfaces/IDecisionLog.sol";
import {IdentityTokens} from "./IdentityTokens.sol";
import {ReferenceTree} from "./ReferenceTree.sol";
import {Test} from "./Test.sol";

/// @dev A log, an identity registry, and signatures made as `IDecisionLog` states them.
abstract contract LogTest is Test {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant COMMIT_TYPE =
        keccak256("Commit(address agent,bytes32 state,uint64 count,bytes32 root,bool leaves)");
    bytes32 private constant EPOCH_TYPE = keccak256("Epoch(address agent,uint16 epoch,address key)");
    bytes32 private constant IDENTITY_TYPE = keccak256("Identity(address agent,uint256 identity)");

    IdentityTokens internal tokens = new IdentityTokens();
    DecisionLog internal log = new DecisionLog(address(tokens));

    /// @dev The private key of a number.
    function keyAt(uint256 number) internal pure returns (uint256) {
        return within(uint256(keccak256(abi.encode("key", number))), 1, 1 << 255);
    }

    function addressAt(uint256 number) internal pure returns (address) {
        return vm.addr(keyAt(number));
    }

    function relayed(uint256 key, address agent, bytes32 state, bytes32[] memory leaves)
        internal
        view
        returns (IDecisionLog.Commit memory)
    {
        bytes memory signature =
            signCommit(key, agent, state, uint64(leaves.length), ReferenceTree.root(leaves), true);
        return IDecisionLog.Commit(agent, state, 0, 0, leaves, signature);
    }

    function relayedRoot(uint256 key, address agent, bytes32 state, uint64 count, bytes32 root)
        internal
        view
        returns (IDecisionLog.Commit memory)
    {
        bytes memory signature = signCommit(key, agent, state, count, root, false);
        return IDecisionLog.Commit(agent, state, count, root, new bytes32[](0), signature);
    }

    function signCommit(uint256 key, address agent, bytes32 state, uint64 count, bytes32 root, bool leaves)
        internal
        view
        returns (bytes memory)
    {
        return sign(key, keccak256(abi.encode(COMMIT_TYPE, agent, state, count, root, leaves)));
    }

    function signEpoch(uint256 key, address agent, uint16 epoch, address next)
        internal
        view
        returns (bytes memory)
    {
        return sign(key, keccak256(abi.encode(EPOCH_TYPE, agent, epoch, next)));
    }

    function signIdentity(uint256 key, address agent, uint256 identity) internal view returns (bytes memory) {
        return sign(key, keccak256(abi.encode(IDENTITY_TYPE, agent, identity)));
    }

    function sign(uint256 key, bytes32 message) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(message));
        return abi.encodePacked(r, s, v);
    }

    function digestOf(bytes32 message) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("Touchstone"), keccak256("1"), block.chainid, address(log))
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function headAfter(uint192 head, bytes32 root, uint64 first, uint64 count)
        internal
        pure
        returns (uint192)
    {
        return uint192(uint256(keccak256(abi.encode(head, root, first, count))));
    }

    function sequenceOf(address agent) internal view returns (uint64 nextSequence) {
        (, nextSequence,) = log.headOf(agent);
    }

    function epochOf(address agent) internal view returns (uint16 epoch) {
        (,, epoch) = log.headOf(agent);
    }

    /// @dev Puts an agent's log into any state.
    function setState(address agent, bytes32 state) internal {
        vm.store(address(log), keccak256(abi.encode(agent, uint256(2))), state);
        vm.assertEq(log.stateOf(agent), state);
    }

    function one(IDecisionLog.Commit memory commit)
        internal
        pure
        returns (IDecisionLog.Commit[] memory list)
    {
        list = new IDecisionLog.Commit[](1);
        list[0] = commit;
    }

    function notAuthorised(address agent, address given) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDecisionLog.NotAuthorised.selector, agent, given);
    }
}
