// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Bytes} from "@openzeppelin/contracts/utils/Bytes.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IModelVerifier} from "../interfaces/IModelVerifier.sol";
import {CodeStore} from "./program/CodeStore.sol";
import {ModelCode, ModelHead} from "./program/ModelCode.sol";
import {NetworkCode, NetworkProgress, Page} from "./program/NetworkCode.sol";
import {NetworkRun} from "./program/NetworkRun.sol";
import {OddInputs} from "./program/OddInputs.sol";
import {Cursor, ProgramBytes} from "./program/ProgramBytes.sol";
import {ScaledInputs} from "./program/ScaledInputs.sol";
import {ScoreLink} from "./program/ScoreLink.sol";
import {TreesCheck, TreesProgress} from "./program/TreesCheck.sol";
import {TreesRun} from "./program/TreesRun.sol";

/// @title What a sealed model computes, as a contract; see `IModelVerifier`
// Casts lose nothing: scores and probabilities are within their types.
// forge-lint: disable-next-item(unsafe-typecast)
contract ModelVerifier is IModelVerifier {
    using Bytes for bytes;
    using ProgramBytes for Cursor;

    uint256 private constant MAGIC = 0x54535047;
    uint256 private constant FORMAT_VERSION = 1;
    uint256 private constant TREES = 1;
    uint256 private constant COLUMNS_LIMIT = 4_096;
    /// @dev Where the link begins in every program.
    uint256 private constant LINK_OFFSET = 11;

    /// @notice Where the programs come from.
    IModelRegistry public immutable registry;

    /// @dev Of models that are being compiled.
    mapping(bytes32 model => NetworkProgress) private _networks;
    mapping(bytes32 model => address[]) private _pages;
    mapping(bytes32 model => TreesProgress) private _trees;

    constructor(IModelRegistry registry_) {
        registry = registry_;
    }

    /// @inheritdoc IModelVerifier
    function compile(bytes32 model) external returns (bool done) {
        if (isCompiled(model)) return true;
        bytes memory program = _programOf(model);
        Cursor memory cursor =
            Cursor({start: CodeStore.addressOf(program), length: program.length, offset: 0});
        (bool isTrees, uint256 columns) = _readHeader(cursor);
        ScoreLink.check(cursor);
        ModelHead memory head = ModelHead({
            isTrees: isTrees,
            columns: columns,
            layers: 0,
            linkSize: cursor.offset - LINK_OFFSET,
            oddColumns: 0
        });
        done = isTrees ? _compileTrees(model, cursor, head) : _compileNetwork(model, program, cursor, head);
        if (done) emit ModelCompiled(model);
    }

    /// @inheritdoc IModelVerifier
    function isCompiled(bytes32 model) public view returns (bool) {
        return ModelCode.isStored(model);
    }

    /// @inheritdoc IModelVerifier
    function score(bytes32 model, bytes calldata features)
        external
        view
        returns (int32 score_, uint32 probabilityUpPpm)
    {
        (uint256 head, uint256 place, uint256 words) = _load(model);
        uint256 columns = ModelCode.columnsOf(head);
        require(features.length == columns << 2, WrongFeatures(columns << 2, features.length));
        uint256 vector;
        // Solidity does not say where calldata is.
        assembly ("memory-safe") {
            vector := features.offset
        }
        int256 value;
        if (ModelCode.isTrees(head)) {
            place += LINK_OFFSET;
            uint256 trees = TreesRun.bin(vector, place + ModelCode.linkSizeOf(head), words, columns);
            value = TreesRun.score(trees, words);
        } else {
            ScaledInputs.scale(vector, words, columns);
            if (ModelCode.oddColumnsOf(head) > 0) OddInputs.scale(vector, words, columns);
            value = NetworkRun.score(ModelCode.layersOf(head), NetworkCode.layersAt(words, columns), words);
        }
        return (int32(value), uint32(ScoreLink.probabilityPpm(place, value)));
    }

    /// @inheritdoc IModelVerifier
    function run(bytes32 model, int16[] calldata inputs) external view returns (int32) {
        (uint256 head, uint256 place, uint256 words) = _load(model);
        uint256 columns = ModelCode.columnsOf(head);
        require(inputs.length == columns, WrongFeatures(columns, inputs.length));
        // A network's are written with what its first layer expects.
        int256 added = ModelCode.isTrees(head) ? int256(0) : int256(ScaledInputs.OFFSET);
        for (uint256 i = 0; i < columns; ++i) {
            int256 input = inputs[i] + added;
            uint256 to = words + 32 * i;
            // Solidity cannot write to an address.
            assembly ("memory-safe") {
                mstore(to, input)
            }
        }
        if (!ModelCode.isTrees(head)) {
            uint256 layers = NetworkCode.layersAt(words, columns);
            return int32(NetworkRun.score(ModelCode.layersOf(head), layers, words));
        }
        uint256 edges = place + LINK_OFFSET + ModelCode.linkSizeOf(head);
        return int32(TreesRun.score(TreesRun.skipEdges(edges, columns), words));
    }

    /// @dev As of `ModelCode.load`.
    function _load(bytes32 model) private view returns (uint256 head, uint256 place, uint256 words) {
        (head, place, words) = ModelCode.load(model);
        require(head != 0, UnknownModel(model));
    }

    function _programOf(bytes32 model) private view returns (bytes memory) {
        address[] memory chunks = registry.chunksOf(model);
        require(chunks.length > 0, UnknownModel(model));
        return CodeStore.readAll(chunks);
    }

    /// @dev Reads a program's header and checks it.
    function _readHeader(Cursor memory cursor) private pure returns (bool isTrees, uint256 columns) {
        cursor.check(cursor.u32() == MAGIC);
        cursor.check(cursor.u8() == FORMAT_VERSION);
        uint256 kind = cursor.u8();
        cursor.check(kind <= TREES);
        isTrees = kind == TREES;
        // The objective: a direction or a return.
        cursor.check(cursor.u8() <= 1);
        uint256 steps = cursor.u16();
        cursor.check(steps > 0);
        require(steps == 1, SeveralSteps(steps));
        columns = cursor.u16();
        cursor.check(columns > 0 && columns <= COLUMNS_LIMIT);
    }

    function _compileNetwork(bytes32 model, bytes memory program, Cursor memory cursor, ModelHead memory head)
        private
        returns (bool done)
    {
        address[] memory pages = _pages[model];
        NetworkProgress memory progress = _networks[model];
        bytes memory words = new bytes(CodeStore.LIMIT - ModelCode.overhead(pages.length, head.linkSize));
        Page memory page = Page({place: CodeStore.addressOf(words), capacity: words.length, size: 0});
        bytes memory link = program.slice(LINK_OFFSET, LINK_OFFSET + head.linkSize);
        done = NetworkCode.compile(cursor, head.columns, progress, page);
        words.splice(0, page.size);
        if (!done) {
            _networks[model] = progress;
            _pages[model].push(CodeStore.store(words));
            return false;
        }
        head.layers = progress.layers;
        head.oddColumns = progress.oddColumns;
        ModelCode.store(model, head, pages, link, words);
        delete _networks[model];
        delete _pages[model];
    }

    function _compileTrees(bytes32 model, Cursor memory cursor, ModelHead memory head)
        private
        returns (bool done)
    {
        TreesProgress memory progress = _trees[model];
        done = TreesCheck.check(cursor, head.columns, progress);
        if (!done) {
            _trees[model] = progress;
            return false;
        }
        ModelCode.store(model, head, registry.chunksOf(model), "", "");
        delete _trees[model];
    }
}
