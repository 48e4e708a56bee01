// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IdentityRegistry} from "../../src/identity/IdentityRegistry.sol";
import {IIdentityRegistry} from "../../src/interfaces/IIdentityRegistry.sol";
import {Test} from "../Test.sol";

/// @dev A contract as a wallet: it agrees to one digest, and receives identities.
contract ContractWallet is IERC1271 {
    bytes32 public agreed;

    function agree(bytes32 digest) external {
        agreed = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == agreed ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

contract IdentityRegistryTest is Test {
    address private constant OWNER = address(0xA11CE);
    address private constant OPERATOR = address(0x09E7A);
    address private constant STRANGER = address(0x57A6);
    uint256 private constant WALLET_SECRET = 0xBEEF;

    IdentityRegistry private registry = new IdentityRegistry();
    address private wallet = vm.addr(WALLET_SECRET);

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.prank(OWNER);
        registry.register("ipfs://first");
    }

    function test_register_numbersAgentsFromZero() public {
        vm.startPrank(STRANGER);
        vm.assertEq(registry.register(), 1);
        vm.assertEq(registry.register("https://example.com/2"), 2);
        vm.stopPrank();
        vm.assertEq(registry.ownerOf(0), OWNER);
        vm.assertEq(registry.ownerOf(1), STRANGER);
        vm.assertEq(registry.tokenURI(0), "ipfs://first");
        vm.assertEq(registry.tokenURI(1), "");
    }

    function test_register_setsMetadataAndTheOwnersWallet() public {
        IIdentityRegistry.MetadataEntry[] memory metadata = new IIdentityRegistry.MetadataEntry[](2);
        metadata[0] = IIdentityRegistry.MetadataEntry("name", "gold");
        metadata[1] = IIdentityRegistry.MetadataEntry("log", hex"01");
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(1, "agentWallet", "agentWallet", abi.encodePacked(OWNER));
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(1, "name", "name", "gold");
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(1, "log", "log", hex"01");
        vm.expectEmit();
        emit IIdentityRegistry.Registered(1, "ipfs://second", OWNER);
        vm.expectEmit();
        emit IERC721.Transfer(address(0), OWNER, 1);
        vm.prank(OWNER);
        registry.register("ipfs://second", metadata);
        vm.assertEq(registry.getMetadata(1, "name"), "gold");
        vm.assertEq(registry.getMetadata(1, "agentWallet"), abi.encodePacked(OWNER));
        vm.assertEq(registry.getAgentWallet(1), OWNER);
    }

    function test_register_revertsIfMetadataNamesTheWallet() public {
        IIdentityRegistry.MetadataEntry[] memory metadata = new IIdentityRegistry.MetadataEntry[](1);
        metadata[0] = IIdentityRegistry.MetadataEntry("agentWallet", abi.encodePacked(STRANGER));
        vm.expectRevert(IIdentityRegistry.ReservedMetadataKey.selector);
        registry.register("", metadata);
    }

    function test_register_revertsForAContractThatTakesNoTokens() public {
        ContractWallet taker = new ContractWallet();
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721InvalidReceiver.selector, address(taker)));
        vm.prank(address(taker));
        registry.register();
    }

    function test_setAgentURI_movesTheFile() public {
        vm.expectEmit();
        emit IIdentityRegistry.URIUpdated(0, "ipfs://moved", OWNER);
        vm.prank(OWNER);
        registry.setAgentURI(0, "ipfs://moved");
        vm.assertEq(registry.tokenURI(0), "ipfs://moved");
    }

    function test_manager_mayBeOperatorOrApproved() public {
        vm.prank(OWNER);
        registry.setApprovalForAll(OPERATOR, true);
        vm.prank(OPERATOR);
        registry.setMetadata(0, "k", hex"02");
        vm.assertEq(registry.getMetadata(0, "k"), hex"02");
        vm.prank(OWNER);
        registry.approve(STRANGER, 0);
        vm.prank(STRANGER);
        registry.setAgentURI(0, "ipfs://approved");
        vm.assertEq(registry.tokenURI(0), "ipfs://approved");
    }

    function test_manager_mayBeNobodyElse() public {
        bytes memory refusal =
            abi.encodeWithSelector(IERC721Errors.ERC721InsufficientApproval.selector, STRANGER, 0);
        bytes memory consent = consentOf(WALLET_SECRET, 0, wallet, OWNER, block.timestamp);
        vm.startPrank(STRANGER);
        vm.expectRevert(refusal);
        registry.setAgentURI(0, "");
        vm.expectRevert(refusal);
        registry.setMetadata(0, "k", "");
        vm.expectRevert(refusal);
        registry.unsetAgentWallet(0);
        vm.expectRevert(refusal);
        registry.setAgentWallet(0, wallet, block.timestamp, consent);
        vm.stopPrank();
    }

    function test_unknownAgent_hasNoManagerAndNoWallet() public {
        bytes memory refusal = abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9);
        vm.expectRevert(refusal);
        registry.setAgentURI(9, "");
        vm.expectRevert(refusal);
        registry.getAgentWallet(9);
    }

    function test_setMetadata_revertsForTheWallet() public {
        vm.expectRevert(IIdentityRegistry.ReservedMetadataKey.selector);
        vm.prank(OWNER);
        registry.setMetadata(0, "agentWallet", abi.encodePacked(STRANGER));
    }

    function test_setAgentWallet_takesAKeysConsent() public {
        bytes memory consent = consentOf(WALLET_SECRET, 0, wallet, OWNER, block.timestamp + 300);
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(0, "agentWallet", "agentWallet", abi.encodePacked(wallet));
        vm.prank(OWNER);
        registry.setAgentWallet(0, wallet, block.timestamp + 300, consent);
        vm.assertEq(registry.getAgentWallet(0), wallet);
    }

    function test_setAgentWallet_takesAContractsConsent() public {
        ContractWallet contractWallet = new ContractWallet();
        bytes32 digest = consentDigest(0, address(contractWallet), OWNER, block.timestamp);
        contractWallet.agree(digest);
        vm.prank(OWNER);
        registry.setAgentWallet(0, address(contractWallet), block.timestamp, "");
        vm.assertEq(registry.getAgentWallet(0), address(contractWallet));
        contractWallet.agree(0);
        vm.expectRevert(
            abi.encodeWithSelector(IIdentityRegistry.WalletDisagrees.selector, address(contractWallet))
        );
        vm.prank(OWNER);
        registry.setAgentWallet(0, address(contractWallet), block.timestamp, "");
    }

    function test_setAgentWallet_revertsWithoutFreshConsent() public {
        uint256 late = block.timestamp - 1;
        uint256 far = block.timestamp + 301;
        bytes memory consent = consentOf(WALLET_SECRET, 0, wallet, OWNER, late);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.UnfitDeadline.selector, late));
        vm.prank(OWNER);
        registry.setAgentWallet(0, wallet, late, consent);
        consent = consentOf(WALLET_SECRET, 0, wallet, OWNER, far);
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.UnfitDeadline.selector, far));
        vm.prank(OWNER);
        registry.setAgentWallet(0, wallet, far, consent);
    }

    function test_setAgentWallet_revertsForAnotherConsent() public {
        uint256 time = block.timestamp;
        bytes[6] memory consents = [
            consentOf(0xBAD, 0, wallet, OWNER, time),
            consentOf(WALLET_SECRET, 1, wallet, OWNER, time),
            consentOf(WALLET_SECRET, 0, STRANGER, OWNER, time),
            consentOf(WALLET_SECRET, 0, wallet, STRANGER, time),
            consentOf(WALLET_SECRET, 0, wallet, OWNER, time + 1),
            bytes("")
        ];
        for (uint256 i = 0; i < consents.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.WalletDisagrees.selector, wallet));
            vm.prank(OWNER);
            registry.setAgentWallet(0, wallet, time, consents[i]);
        }
        // A signature that is none recovers to the zero address.
        vm.expectRevert(abi.encodeWithSelector(IIdentityRegistry.WalletDisagrees.selector, address(0)));
        vm.prank(OWNER);
        registry.setAgentWallet(0, address(0), time, "");
    }

    function test_wallet_isClearedByItsOwner() public {
        vm.prank(OWNER);
        registry.unsetAgentWallet(0);
        vm.assertEq(registry.getAgentWallet(0), address(0));
        vm.assertEq(registry.getMetadata(0, "agentWallet"), "");
    }

    function test_wallet_isClearedByATransfer() public {
        vm.expectEmit();
        emit IIdentityRegistry.MetadataSet(0, "agentWallet", "agentWallet", "");
        vm.prank(OWNER);
        registry.transferFrom(OWNER, STRANGER, 0);
        vm.assertEq(registry.ownerOf(0), STRANGER);
        vm.assertEq(registry.getAgentWallet(0), address(0));
    }

    function consentOf(uint256 secret, uint256 agentId, address newWallet, address owner, uint256 deadline)
        private
        view
        returns (bytes memory)
    {
        return signatureOf(secret, consentDigest(agentId, newWallet, owner, deadline));
    }

    /// @dev Typed out as EIP-712 has it, apart from the code under test.
    function consentDigest(uint256 agentId, address newWallet, address owner, uint256 deadline)
        private
        view
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256(
                    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
                ),
                keccak256("ERC8004IdentityRegistry"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)"),
                agentId,
                newWallet,
                owner,
                deadline
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }
}
