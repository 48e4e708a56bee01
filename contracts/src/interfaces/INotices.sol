// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title What agents had signed before they changed their keys
/// @notice A signature does not say when it was made. What a retired key signed while it was the agent's own and what its
/// thief signed afterwards look alike, so neither counts by itself. Who holds a signed statement gives notice of it: a
/// hash that names neither the agent nor the statement. Whoever the agent, it cannot tell that it is meant, and to change
/// the key afterwards is too late: opened, the notice shows that the signature was there while the key was the agent's.
/// @dev A notice counts for `noticeSeconds`. Otherwise whoever stole a key could give notice of lies that it signed, wait
/// until the key is replaced and a larger stake stands behind the agent, and open it then.
interface INotices {
    /// @notice Somebody holds something that some agent signed.
    /// @param commitment What `commitmentOf` gives for it.
    event NoticeGiven(bytes32 indexed commitment);

    /// @notice What an agent signed counts as its own, though its key may be another by now.
    /// @param agent The agent.
    /// @param key The key that signed while it was the agent's.
    /// @param digest Hash that it signed.
    /// @param until Last Unix time, in seconds, at which it does.
    event StatementKept(address indexed agent, address key, bytes32 digest, uint256 until);

    /// @notice Thrown when a notice is opened that nobody gave, or whose time is over.
    /// @param commitment What `commitmentOf` gives for what was passed.
    error NoNotice(bytes32 commitment);

    /// @notice Thrown when the key that acted for an agent at the time of a notice did not sign the statement.
    /// @param agent The agent.
    /// @param digest Hash of the statement.
    error NotSignedThen(address agent, bytes32 digest);

    /// @notice Gives notice of a signed statement. Again while it counts, it changes nothing.
    /// @param commitment What `commitmentOf` gives for it.
    function giveNotice(bytes32 commitment) external;

    /// @notice Shows what a notice was about. The statement then counts as signed by a key that was the agent's.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    /// @param digest A decision's leaf, or the hash of an envelope.
    /// @param signature The key's, in either form of a decision's; see docs/decision-log.md, section 5.
    /// @param salt What hid it.
    function openNotice(
        address agent,
        uint64 sequence,
        bytes32 digest,
        bytes calldata signature,
        bytes32 salt
    ) external;

    /// @notice Computes the hash to give notice by. It binds the signature, which nobody knows before it is made.
    /// @param agent The agent.
    /// @param sequence Sequence of the decision.
    /// @param digest A decision's leaf, or the hash of an envelope.
    /// @param signature The signature.
    /// @param salt 32 bytes that nobody can guess: the agent knows everything else.
    function commitmentOf(
        address agent,
        uint64 sequence,
        bytes32 digest,
        bytes calldata signature,
        bytes32 salt
    ) external pure returns (bytes32);

    /// @notice Returns the last Unix time, in seconds, at which a notice counts; 0 where none was given.
    /// @param commitment What `commitmentOf` gives for the statement.
    function noticeUntil(bytes32 commitment) external view returns (uint256);

    /// @notice Tells whether a statement was shown to be signed by a key while that was the agent's.
    /// @param agent The agent.
    /// @param key The key.
    /// @param digest Hash of the statement.
    function isKept(address agent, address key, bytes32 digest) external view returns (bool);

    /// @notice How long a notice counts, in seconds.
    function noticeSeconds() external view returns (uint64);
}
