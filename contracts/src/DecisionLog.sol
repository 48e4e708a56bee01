// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IDecisionLog} from "./interfaces/IDecisionLog.sol";
import {MerkleTree} from "./MerkleTree.sol";

/// @title The log that agents commit their decisions to; see `IDecisionLog`
contract DecisionLog is IDecisionLog, EIP712 {
    bytes32 private constant COMMIT_TYPE =
        keccak256("Commit(address agent,bytes32 state,uint64 count,bytes32 root,bool leaves)");
    bytes32 private constant EPOCH_TYPE = keccak256("Epoch(address agent,uint16 epoch,address key)");
    bytes32 private constant IDENTITY_TYPE = keccak256("Identity(address agent,uint256 identity)");
    /// @dev A leaked key could otherwise use up all sequences in one commit, for ever.
    uint64 private constant MOST_IN_A_BATCH = 2 ** 20;
    /// @dev A leaked key could otherwise use up all epochs, so that nobody could replace it any more.
    uint16 private constant FIRST_EPOCH_OF_OWNERS = 2 ** 15;

    /// @dev How an epoch began, in one word. Both numbers rise from epoch to epoch of an agent.
    struct Start {
        address key;
        uint48 firstSequence;
        uint48 place;
    }

    /// @inheritdoc IDecisionLog
    address public immutable identityRegistry;

    mapping(address agent => bytes32 state) private _states;
    /// @dev Read only after the first epoch: until then an agent is its own key, and one slot is all it has.
    mapping(address agent => address key) private _keys;
    /// @dev The token's number plus one; 0 while the agent is bound to none.
    mapping(address agent => uint256 identity) private _identities;
    /// @dev For who asks about the past; commits read `_keys` alone. Epoch 0 has none: it is the agent's own.
    mapping(address agent => mapping(uint16 epoch => Start)) private _starts;
    /// @inheritdoc IDecisionLog
    uint48 public epochCount;

    /// @param registry ERC-8004 identity registry; zero where the chain has none.
    constructor(address registry) EIP712("Touchstone", "1") {
        identityRegistry = registry;
    }

    /// @inheritdoc IDecisionLog
    function commit(address agent, bytes32 state, bytes32[] calldata leaves) external returns (bytes32 root) {
        require(leaves.length > 0, EmptyBatch());
        _requireKeyAt(agent, state);
        root = MerkleTree.rootOf(leaves);
        _append(agent, state, uint64(leaves.length), root);
    }

    /// @inheritdoc IDecisionLog
    function commitRoot(address agent, bytes32 state, uint64 count, bytes32 root) external {
        require(count > 0, EmptyBatch());
        _requireKeyAt(agent, state);
        _append(agent, state, count, root);
    }

    /// @inheritdoc IDecisionLog
    function commitMany(Commit[] calldata commits) external returns (uint256 taken) {
        for (uint256 i = 0; i < commits.length; ++i) {
            if (_take(commits[i])) ++taken;
            else emit CommitSkipped(commits[i].agent, commits[i].state);
        }
    }

    /// @inheritdoc IDecisionLog
    function startEpoch(
        address agent,
        uint16 epoch,
        address key,
        bytes calldata possession,
        bytes calldata authority
    ) external {
        bytes32 state = _states[agent];
        uint16 expected = _epochIn(state) + 1;
        require(epoch == expected, WrongEpoch(expected, epoch));
        bytes32 message = keccak256(abi.encode(EPOCH_TYPE, agent, epoch, key));
        address holder = _signerOf(message, possession);
        require(holder == key && key != address(0), NotAuthorised(agent, holder));
        address present = _keyIn(agent, state);
        bool ownersAlone = epoch >= FIRST_EPOCH_OF_OWNERS;
        if (key != present || ownersAlone) {
            address grantor = _signerOf(message, authority);
            bool granted = (grantor == present && !ownersAlone) || grantor == _identityOwner(agent);
            require(granted && grantor != address(0), NotAuthorised(agent, grantor));
        }
        // Also where the key stays: from the first epoch on it is read from its own slot.
        if (_keys[agent] != key) _keys[agent] = key;
        _keepStart(agent, epoch, key, state);
        _states[agent] = bytes32(uint256(state) + (uint256(1) << 48));
        emit EpochStarted(agent, epoch, key, _sequenceIn(state));
    }

    /// @inheritdoc IDecisionLog
    function bindIdentity(address agent, uint256 identity, bytes calldata signature) external {
        require(identityRegistry != address(0), NoIdentityRegistry());
        uint256 bound = _identities[agent];
        // `require` would compute its error's arguments also where it holds.
        if (bound != 0) revert AlreadyBound(agent, bound - 1);
        // Reverts for a token that does not exist.
        require(msg.sender == IERC721(identityRegistry).ownerOf(identity), NotAuthorised(agent, msg.sender));
        address signer = _signerOf(keccak256(abi.encode(IDENTITY_TYPE, agent, identity)), signature);
        // Nobody holds the key of address zero, which is also what a signature that is none gives.
        require(signer == _keyIn(agent, _states[agent]) && signer != address(0), NotAuthorised(agent, signer));
        _identities[agent] = identity + 1;
        emit IdentityBound(agent, identity);
    }

    /// @inheritdoc IDecisionLog
    function stateOf(address agent) external view returns (bytes32 state) {
        return _states[agent];
    }

    /// @inheritdoc IDecisionLog
    function headOf(address agent) external view returns (uint192 head, uint64 nextSequence, uint16 epoch) {
        bytes32 state = _states[agent];
        return (_headIn(state), _sequenceIn(state), _epochIn(state));
    }

    /// @inheritdoc IDecisionLog
    function keyOf(address agent) external view returns (address key) {
        return _keyIn(agent, _states[agent]);
    }

    /// @inheritdoc IDecisionLog
    function keyOfSequence(address agent, uint64 sequence) external view returns (address key) {
        return _lastKey(agent, sequence, type(uint64).max);
    }

    /// @inheritdoc IDecisionLog
    function keyAfterEpochs(address agent, uint64 epochs) external view returns (address key) {
        return _lastKey(agent, type(uint64).max, epochs);
    }

    /// @inheritdoc IDecisionLog
    function identityOf(address agent) external view returns (bool bound, uint256 identity) {
        uint256 stored = _identities[agent];
        return stored == 0 ? (false, 0) : (true, stored - 1);
    }

    /// @inheritdoc IDecisionLog
    function verify(bytes32 root, uint64 count, uint64 index, bytes32 leaf, bytes32[] calldata proof)
        external
        pure
        returns (bool)
    {
        return MerkleTree.proves(root, count, index, leaf, proof);
    }

    /// @inheritdoc IDecisionLog
    function verifyAnchored(address agent, uint64 sequence, bytes32 leaf, Anchor calldata anchor)
        external
        view
        returns (bool)
    {
        if (sequence < anchor.firstSequence) return false;
        uint192 head;
        uint64 next;
        // What overflows hashes to no head that was ever chained: it is refused like any other wrong number.
        unchecked {
            uint64 index = sequence - anchor.firstSequence;
            if (!MerkleTree.proves(anchor.root, anchor.count, index, leaf, anchor.proof)) return false;
            head = _nextHead(anchor.headBefore, anchor.root, anchor.firstSequence, anchor.count);
            next = anchor.firstSequence + anchor.count;
            for (uint256 i = 0; i < anchor.later.length; ++i) {
                Batch calldata batch = anchor.later[i];
                head = _nextHead(head, batch.root, next, batch.count);
                next += batch.count;
            }
        }
        bytes32 state = _states[agent];
        return head == _headIn(state) && next == _sequenceIn(state);
    }

    function _requireKeyAt(address agent, bytes32 state) private view {
        bytes32 present = _states[agent];
        require(state == present, StateMoved(present, state));
        require(msg.sender == _keyIn(agent, state), NotAuthorised(agent, msg.sender));
    }

    /// @dev Takes a commit of a relayed transaction, or tells that it cannot be taken; never reverts for it.
    function _take(Commit calldata given) private returns (bool) {
        bool leaves = given.leaves.length > 0;
        uint64 count = leaves ? uint64(given.leaves.length) : given.count;
        if (count == 0 || _states[given.agent] != given.state || !_fits(given.state, count)) return false;
        bytes32 root = leaves ? MerkleTree.rootOf(given.leaves) : given.root;
        bytes32 message = keccak256(abi.encode(COMMIT_TYPE, given.agent, given.state, count, root, leaves));
        address signer = _signerOf(message, given.signature);
        if (signer == address(0) || signer != _keyIn(given.agent, given.state)) return false;
        _append(given.agent, given.state, count, root);
        return true;
    }

    /// @dev The state has been compared: it is the log's own.
    function _append(address agent, bytes32 state, uint64 count, bytes32 root) private {
        uint64 first = _sequenceIn(state);
        require(_fits(state, count), TooManyDecisions(first, count));
        uint192 head = _nextHead(_headIn(state), root, first, count);
        _states[agent] = bytes32(uint256(head) << 64 | uint256(_epochIn(state)) << 48 | (first + count));
        emit BatchCommitted(agent, first, count, root, head);
    }

    /// @dev The sender where there is no signature; zero where the signature is none.
    function _signerOf(bytes32 message, bytes calldata signature) private view returns (address signer) {
        if (signature.length == 0) return msg.sender;
        (signer,,) = ECDSA.tryRecover(_hashTypedDataV4(message), signature);
    }

    function _keyIn(address agent, bytes32 state) private view returns (address) {
        return _epochIn(state) == 0 ? agent : _keys[agent];
    }

    function _keepStart(address agent, uint16 epoch, address key, bytes32 state) private {
        // A sequence has 48 bits in the state.
        _starts[agent][epoch] = Start(key, uint48(_sequenceIn(state)), ++epochCount);
    }

    /// @dev The key of the last epoch that began at neither a later sequence nor a later place.
    function _lastKey(address agent, uint64 sequence, uint64 place) private view returns (address) {
        uint16 low = 0;
        uint16 high = _epochIn(_states[agent]);
        while (low < high) {
            uint16 middle = high - (high - low) / 2;
            Start storage start = _starts[agent][middle];
            if (start.firstSequence <= sequence && start.place <= place) low = middle;
            else high = middle - 1;
        }
        return low == 0 ? agent : _starts[agent][low].key;
    }

    function _identityOwner(address agent) private view returns (address) {
        uint256 stored = _identities[agent];
        return stored == 0 ? address(0) : IERC721(identityRegistry).ownerOf(stored - 1);
    }

    function _nextHead(uint192 head, bytes32 root, uint64 first, uint64 count)
        private
        pure
        returns (uint192)
    {
        return uint192(uint256(keccak256(abi.encode(head, root, first, count))));
    }

    /// @dev A sequence beyond 48 bits would run into the epoch.
    function _fits(bytes32 state, uint64 count) private pure returns (bool) {
        return count <= MOST_IN_A_BATCH && _sequenceIn(state) + count <= type(uint48).max;
    }

    function _headIn(bytes32 state) private pure returns (uint192) {
        return uint192(uint256(state) >> 64);
    }

    function _epochIn(bytes32 state) private pure returns (uint16) {
        return uint16(uint256(state) >> 48);
    }

    function _sequenceIn(bytes32 state) private pure returns (uint64) {
        return uint48(uint256(state));
    }
}
