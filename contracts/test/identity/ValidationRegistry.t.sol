// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC721Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IdentityRegistry} from "../../src/identity/IdentityRegistry.sol";
import {ValidationRegistry} from "../../src/identity/ValidationRegistry.sol";
import {IValidationRegistry} from "../../src/interfaces/IValidationRegistry.sol";
import {Test} from "../Test.sol";

contract ValidationRegistryTest is Test {
    address private constant OWNER = address(0xA11CE);
    address private constant STRANGER = address(0x57A6);
    address private constant AUDITOR = address(0xA0D17);
    address private constant OTHER_AUDITOR = address(0xA0D18);
    bytes32 private constant REQUEST = keccak256("request");
    bytes32 private constant REPORT = keccak256("report");

    IdentityRegistry private identities = new IdentityRegistry();
    ValidationRegistry private validations = new ValidationRegistry(identities);

    function setUp() public {
        vm.warp(1_800_000_000);
        vm.prank(OWNER);
        identities.register();
    }

    function test_getIdentityRegistry_isTheOneItWasMadeFor() public view {
        vm.assertEq(validations.getIdentityRegistry(), address(identities));
    }

    function test_validationRequest_isKept() public {
        vm.expectEmit();
        emit IValidationRegistry.ValidationRequest(AUDITOR, 0, "ipfs://request", REQUEST);
        request(AUDITOR, REQUEST);
        (address validator, uint256 agentId, uint8 response,,, uint256 updatedAt) =
            validations.getValidationStatus(REQUEST);
        vm.assertEq(validator, AUDITOR);
        vm.assertEq(agentId, 0);
        vm.assertEq(response, 0);
        vm.assertEq(updatedAt, block.timestamp);
        (uint64 count,) = validations.getSummary(0, new address[](0), "");
        vm.assertEq(count, 0);
    }

    function test_validationRequest_byAnOperatorOrApproved() public {
        vm.prank(OWNER);
        identities.setApprovalForAll(STRANGER, true);
        vm.prank(STRANGER);
        validations.validationRequest(AUDITOR, 0, "", REQUEST);
        vm.prank(OWNER);
        identities.approve(OTHER_AUDITOR, 0);
        vm.prank(OTHER_AUDITOR);
        validations.validationRequest(AUDITOR, 0, "", keccak256("second"));
        vm.assertEq(validations.getValidatorRequests(AUDITOR).length, 2);
    }

    function test_validationRequest_revertsForAnybodyElse() public {
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.NotOwnerOrOperator.selector, STRANGER));
        vm.prank(STRANGER);
        validations.validationRequest(AUDITOR, 0, "", REQUEST);
    }

    function test_validationRequest_revertsForAnUnknownAgent() public {
        vm.expectRevert(abi.encodeWithSelector(IERC721Errors.ERC721NonexistentToken.selector, 9));
        validations.validationRequest(AUDITOR, 9, "", REQUEST);
    }

    function test_validationRequest_revertsWithoutAValidator() public {
        vm.expectRevert(IValidationRegistry.NoValidator.selector);
        request(address(0), REQUEST);
    }

    function test_validationRequest_revertsIfTheHashIsTaken() public {
        request(AUDITOR, REQUEST);
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.RequestExists.selector, REQUEST));
        request(OTHER_AUDITOR, REQUEST);
    }

    function test_validationResponse_isKeptAndMayBeRepeated() public {
        request(AUDITOR, REQUEST);
        respond(AUDITOR, REQUEST, 100, "audit");
        vm.warp(block.timestamp + 60);
        vm.expectEmit();
        emit IValidationRegistry.ValidationResponse(AUDITOR, 0, REQUEST, 40, "ipfs://report", REPORT, "full");
        respond(AUDITOR, REQUEST, 40, "full");
        (,, uint8 response, bytes32 responseHash, string memory tag, uint256 updatedAt) =
            validations.getValidationStatus(REQUEST);
        vm.assertEq(response, 40);
        vm.assertEq(responseHash, REPORT);
        vm.assertEq(tag, "full");
        vm.assertEq(updatedAt, block.timestamp);
    }

    function test_validationResponse_revertsForAnybodyElse() public {
        request(AUDITOR, REQUEST);
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.NotTheValidator.selector, OTHER_AUDITOR));
        respond(OTHER_AUDITOR, REQUEST, 100, "");
    }

    function test_validationResponse_revertsAbove100() public {
        request(AUDITOR, REQUEST);
        vm.expectRevert(abi.encodeWithSelector(IValidationRegistry.ResponseAbove100.selector, 101));
        respond(AUDITOR, REQUEST, 101, "");
    }

    function test_unknownRequest_hasNoStatusAndNoAnswer() public {
        bytes memory refusal = abi.encodeWithSelector(IValidationRegistry.UnknownRequest.selector, REQUEST);
        vm.expectRevert(refusal);
        validations.getValidationStatus(REQUEST);
        vm.expectRevert(refusal);
        respond(AUDITOR, REQUEST, 100, "");
    }

    function test_getSummary_filtersAndRoundsDown() public {
        bytes32[] memory hashes = leavesFrom(1, 4);
        request(AUDITOR, hashes[0]);
        request(AUDITOR, hashes[1]);
        request(OTHER_AUDITOR, hashes[2]);
        request(OTHER_AUDITOR, hashes[3]);
        respond(AUDITOR, hashes[0], 100, "full");
        respond(AUDITOR, hashes[1], 51, "spot");
        respond(OTHER_AUDITOR, hashes[2], 0, "full");
        address[] memory auditors = new address[](1);
        auditors[0] = AUDITOR;

        assertSummary(new address[](0), "", 3, 50);
        assertSummary(new address[](0), "full", 2, 50);
        assertSummary(auditors, "", 2, 75);
        assertSummary(auditors, "spot", 1, 51);
        assertSummary(auditors, "none", 0, 0);
        vm.assertEq(validations.getAgentValidations(0), hashes);
        vm.assertEq(validations.getAgentValidations(1).length, 0);
        vm.assertEq(validations.getValidatorRequests(OTHER_AUDITOR)[1], hashes[3]);
    }

    function assertSummary(address[] memory validators, string memory tag, uint64 count, uint8 average)
        private
        view
    {
        (uint64 actualCount, uint8 actualAverage) = validations.getSummary(0, validators, tag);
        vm.assertEq(actualCount, count);
        vm.assertEq(actualAverage, average);
    }

    function request(address validator, bytes32 hash) private {
        vm.prank(OWNER);
        validations.validationRequest(validator, 0, "ipfs://request", hash);
    }

    function respond(address validator, bytes32 hash, uint8 response, string memory tag) private {
        vm.prank(validator);
        validations.validationResponse(hash, response, "ipfs://report", REPORT, tag);
    }
}
