// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DecisionLog} from "../../src/DecisionLog.sol";
import {IDecisionLog} from "../../src/interfaces/IDecisionLog.sol";
import {IChallenge} from "../../src/interfaces/IChallenge.sol";
import {MarketToken} from "../../src/market/MarketToken.sol";
import {DecisionRecord, SealedEnvelope} from "../../src/records/DecisionRecord.sol";
import {AgentStake} from "../../src/stake/AgentStake.sol";
import {Challenge} from "../../src/stake/Challenge.sol";
import {ReferenceTree} from "../ReferenceTree.sol";
import {Test} from "../Test.sol";
import {LinearVerifier} from "../verifier/LinearVerifier.sol";

/// @dev A log, stakes and their judge, and what agents do: record, sign, anchor, give themselves other keys.
abstract contract ChallengeFixture is Test {
    struct AnchoredBatch {
        uint192 headBefore;
        uint64 firstSequence;
        bytes32[] leaves;
    }

    uint64 internal constant WINDOW = 7 days;
    uint64 internal constant UNBONDING = 14 days;
    uint32 internal constant SHARE = 500_000;
    bytes32 internal constant MODEL = keccak256("model");
    address internal constant STAKE_OWNER = address(0x0E4);

    DecisionLog public immutable log = new DecisionLog(address(0));
    LinearVerifier public immutable verifier = new LinearVerifier();
    MarketToken public immutable token = new MarketToken("Stake", "STK", 18, address(this));
    Challenge public immutable challenge;
    AgentStake public immutable stake;

    mapping(address agent => AnchoredBatch[]) private _batches;

    constructor() {
        challenge = new Challenge(log, verifier.asVerifier(), token, WINDOW, UNBONDING, SHARE);
        stake = AgentStake(address(challenge.stake()));
        verifier.compile(MODEL);
        token.mint(address(this), type(uint128).max);
        token.approve(address(stake), type(uint256).max);
    }

    /// @dev Puts a stake behind an agent, whose key is the secret's.
    function stakeFor(address agent, uint256 secret, uint256 amount) internal {
        bytes32 message =
            keccak256(abi.encode(keccak256("StakeOwner(address agent,address owner)"), agent, STAKE_OWNER));
        stake.nameOwner(agent, STAKE_OWNER, signatureOf(secret, typedHash(address(stake), message)));
        stake.addStake(agent, amount);
    }

    /// @dev A true signal; the seed is in everything that may differ.
    function signalOf(address agent, uint64 sequence, uint256 seed)
        internal
        view
        returns (DecisionRecord memory record)
    {
        bytes32 noise = keccak256(abi.encode(seed, sequence));
        record = DecisionRecord({
            agent: agent,
            sequence: sequence,
            kind: 0,
            instrument: "oanda:XAUUSD",
            timeMs: 1_800_000_000_000 + sequence,
            source: "eip155:1",
            block: 23_000_000 + sequence,
            logIndex: 7,
            dataRoot: keccak256(abi.encode(noise, "data")),
            featureSet: keccak256("features"),
            features: abi.encodePacked(noise),
            model: MODEL,
            strategy: keccak256("strategy"),
            output: "",
            explanationHash: keccak256(abi.encode(noise, "why")),
            revealAtMs: 0,
            salt: noise
        });
        (int32 score, uint32 ppm) = verifier.score(MODEL, record.features);
        record.output = outputOf(score, ppm);
    }

    function outputOf(int32 score, uint32 ppm) internal pure returns (bytes memory) {
        return abi.encode(int8(1), uint32(250_000), uint32(610_000), uint64(3_600_000), true, score, ppm);
    }

    /// @dev A signal whose score is off by at least one.
    function falseSignalOf(address agent, uint64 sequence, uint256 seed)
        internal
        view
        returns (DecisionRecord memory record)
    {
        record = signalOf(agent, sequence, seed);
        (int32 score, uint32 ppm) = verifier.score(MODEL, record.features);
        record.output = outputOf(seed % 2 == 0 ? score + 1 : score - 7, ppm);
    }

    function envelopeOf(address agent, uint64 sequence, bytes32 leaf)
        internal
        pure
        returns (SealedEnvelope memory)
    {
        return SealedEnvelope({
            agent: agent,
            sequence: sequence,
            leaf: leaf,
            revealAtMs: 1_800_000_600_000,
            keyHash: keccak256("key"),
            ciphertextHash: keccak256("ciphertext")
        });
    }

    function signed(uint256 secret, DecisionRecord memory record) internal view returns (bytes memory) {
        return signatureOf(secret, challenge.leafOf(record));
    }

    function signed(uint256 secret, SealedEnvelope memory envelope) internal view returns (bytes memory) {
        return signatureOf(secret, hashOf(envelope));
    }

    /// @dev Typed out as the protocol has it, apart from the code under test.
    function hashOf(SealedEnvelope memory envelope) internal view returns (bytes32) {
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Sealed(address agent,uint64 sequence,bytes32 leaf,uint64 revealAtMs,bytes32 keyHash,bytes32 ciphertextHash)"
                ),
                envelope.agent,
                envelope.sequence,
                envelope.leaf,
                envelope.revealAtMs,
                envelope.keyHash,
                envelope.ciphertextHash
            )
        );
        return typedHash(address(log), message);
    }

    /// @dev One leaf's part of a signature over a batch of decisions, typed out as the protocol has it.
    function signedTogether(
        uint256 secret,
        address agent,
        uint64 first,
        bytes32[] memory leaves,
        uint256 index
    ) internal view returns (bytes memory) {
        uint64 count = uint64(leaves.length);
        bytes32 message = keccak256(
            abi.encode(
                keccak256("Batch(address agent,uint64 firstSequence,uint64 count,bytes32 root)"),
                agent,
                first,
                count,
                ReferenceTree.root(leaves)
            )
        );
        return abi.encodePacked(
            signatureOf(secret, typedHash(address(log), message)),
            first,
            count,
            ReferenceTree.proofOf(leaves, index)
        );
    }

    function commit(address agent, bytes32[] memory leaves) internal {
        (uint192 head, uint64 next,) = log.headOf(agent);
        bytes32 state = log.stateOf(agent);
        vm.prank(log.keyOf(agent));
        log.commit(agent, state, leaves);
        _batches[agent].push(AnchoredBatch(head, next, leaves));
    }

    function commitOne(address agent, bytes32 leaf) internal {
        bytes32[] memory leaves = new bytes32[](1);
        leaves[0] = leaf;
        commit(agent, leaves);
    }

    /// @dev Gives an agent another key; both sign.
    function rotate(address agent, uint256 presentSecret, uint256 nextSecret) internal {
        (,, uint16 epoch) = log.headOf(agent);
        address key = vm.addr(nextSecret);
        bytes32 message = keccak256(
            abi.encode(keccak256("Epoch(address agent,uint16 epoch,address key)"), agent, epoch + 1, key)
        );
        bytes32 digest = typedHash(address(log), message);
        log.startEpoch(
            agent, epoch + 1, key, signatureOf(nextSecret, digest), signatureOf(presentSecret, digest)
        );
    }

    /// @dev Where the leaf of a sequence stands, with every later batch; empty where it is not anchored.
    function anchorOf(address agent, uint64 sequence)
        internal
        view
        returns (IDecisionLog.Anchor memory anchor)
    {
        AnchoredBatch[] storage batches = _batches[agent];
        for (uint256 i = 0; i < batches.length; ++i) {
            AnchoredBatch memory batch = batches[i];
            if (sequence < batch.firstSequence || sequence >= batch.firstSequence + batch.leaves.length) {
                continue;
            }
            anchor.headBefore = batch.headBefore;
            anchor.firstSequence = batch.firstSequence;
            anchor.count = uint64(batch.leaves.length);
            anchor.root = ReferenceTree.root(batch.leaves);
            anchor.proof = ReferenceTree.proofOf(batch.leaves, sequence - batch.firstSequence);
            anchor.later = new IDecisionLog.Batch[](batches.length - i - 1);
            for (uint256 j = 0; j < anchor.later.length; ++j) {
                bytes32[] memory leaves = batches[i + 1 + j].leaves;
                anchor.later[j] = IDecisionLog.Batch(uint64(leaves.length), ReferenceTree.root(leaves));
            }
        }
    }

    function bySignature(bytes memory signature) internal pure returns (IChallenge.Proof memory proof) {
        proof.signature = signature;
    }

    function byAnchor(address agent, uint64 sequence) internal view returns (IChallenge.Proof memory proof) {
        proof.anchor = anchorOf(agent, sequence);
    }
}
