// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Asserts} from "../../Asserts.sol";
import {vm} from "../../Vm.sol";
import {TxGas} from "../TxGas.sol";
import {PlainToken} from "./PlainToken.sol";
import {PushSplitter} from "./PushSplitter.sol";
import {Report, SignedReports} from "./SignedReports.sol";
import {TransferSettlement} from "./TransferSettlement.sol";

/// @title What the first versions cost, in whole transactions, once every slot they write has been written before
/// @dev 100 leases over 10 hosts and 20 images with five components each.
/// forge-config: default.isolate = true
contract NaiveTest is Asserts {
    string private constant GROUP = "naive";
    uint256 private constant LEASES = 100;
    uint256 private constant HOSTS = 10;
    uint256 private constant IMAGES = 20;
    uint256 private constant AGENT_KEY = 0xA6;
    uint256 private constant RATE = 3e9;

    PlainToken private token;

    function setUp() public {
        vm.warp(1_700_000_000);
        token = new PlainToken(address(this), 1e30);
    }

    function test_seven_transfers_a_settlement_over_shared_payees() public {
        TransferSettlement book = _transferBook(LEASES);
        (bytes32[] memory leases, uint256[] memory secondsRun) = _leases(LEASES, 300);
        book.settle(leases, secondsRun);
        (, secondsRun) = _leases(LEASES, 600);
        uint256 before = token.balanceOf(_host(0));
        uint256 used = TxGas.measure(address(book), abi.encodeCall(TransferSettlement.settle, (leases, secondsRun)));
        assertEq(token.balanceOf(_host(0)) - before, LEASES / HOSTS * 300 * RATE, "paid to a host");
        vm.snapshotValue(GROUP, "settle a lease by seven ERC-20 transfers, 100 in a transaction", used / LEASES);
    }

    function test_seven_transfers_in_a_transaction_of_their_own() public {
        TransferSettlement book = _transferBook(1);
        (bytes32[] memory leases, uint256[] memory secondsRun) = _leases(1, 300);
        book.settle(leases, secondsRun);
        (, secondsRun) = _leases(1, 600);
        uint256 used = TxGas.measure(address(book), abi.encodeCall(TransferSettlement.settle, (leases, secondsRun)));
        assertEq(token.balanceOf(_host(0)), 600 * RATE, "paid to the host");
        vm.snapshotValue(GROUP, "settle a lease by seven ERC-20 transfers, alone", used);
    }

    function test_a_signature_and_plain_structs_for_each_lease() public {
        SignedReports book = new SignedReports();
        for (uint256 i = 0; i < LEASES; ++i) {
            book.open(_lease(i), address(0xF00), _host(i), vm.addr(AGENT_KEY), bytes32(i % IMAGES), RATE, 1e24);
        }
        book.settle(_reports(book, 300));
        Report[] memory reports = _reports(book, 600);
        bytes memory data = abi.encodeCall(SignedReports.settle, (reports));
        uint256 used = TxGas.measure(address(book), data);
        assertEq(book.earned(_host(0)), LEASES / HOSTS * 600 * RATE, "credited to a host");
        vm.snapshotValue(GROUP, "settle a lease with plain structs and a signature a lease", used / LEASES);
        vm.snapshotValue(GROUP, "calldata of a lease with a signature a lease, bytes", data.length / LEASES);
    }

    function test_a_push_splitter_to_ten_payees() public {
        address[] memory payees = new address[](10);
        for (uint256 i = 0; i < payees.length; ++i) {
            payees[i] = _payee(i);
        }
        PushSplitter splitter = new PushSplitter(token, payees, 7);
        vm.snapshotValue(GROUP, "push splitter to ten payees, never paid before", _distribute(splitter));
        vm.snapshotValue(GROUP, "push splitter to ten payees, paid before", _distribute(splitter));
        assertEq(token.balanceOf(_payee(9)), 2e18, "a tenth of both");
    }

    function _distribute(PushSplitter splitter) private returns (uint256) {
        // One more than is paid out stays, as it would in use: its balance never falls to zero, which would be refunded.
        token.transfer(address(splitter), 1e19 + 1);
        return TxGas.measure(address(splitter), abi.encodeCall(PushSplitter.distribute, ()));
    }

    function _transferBook(uint256 count) private returns (TransferSettlement book) {
        book = new TransferSettlement(token);
        token.transfer(address(book), 1e24);
        for (uint256 i = 0; i < count; ++i) {
            (address[7] memory payees, uint256[7] memory rates) = _payees(i);
            book.open(_lease(i), address(this), payees, rates);
        }
    }

    /// @dev Host, the owners of the image's five components, treasury.
    function _payees(uint256 lease) private pure returns (address[7] memory payees, uint256[7] memory rates) {
        payees[0] = _host(lease);
        rates[0] = RATE;
        for (uint256 c = 1; c < 6; ++c) {
            payees[c] = _payee(lease % IMAGES * 5 + c);
            rates[c] = RATE / 100;
        }
        payees[6] = address(0x7EA5);
        rates[6] = RATE / 100;
    }

    function _leases(uint256 count, uint256 run)
        private
        pure
        returns (bytes32[] memory leases, uint256[] memory secondsRun)
    {
        leases = new bytes32[](count);
        secondsRun = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            leases[i] = _lease(i);
            secondsRun[i] = run;
        }
    }

    function _reports(SignedReports book, uint256 run) private view returns (Report[] memory reports) {
        reports = new Report[](LEASES);
        for (uint256 i = 0; i < LEASES; ++i) {
            reports[i].lease = _lease(i);
            reports[i].asOf = uint64(block.timestamp);
            for (uint256 c = 0; c < 6; ++c) {
                reports[i].counters[c] = run * (c + 1);
            }
            (uint8 v, bytes32 r, bytes32 s) = vm.sign(AGENT_KEY, book.digest(reports[i]));
            reports[i].signature = abi.encodePacked(r, s, v);
        }
    }

    function _lease(uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode("lease", i));
    }

    function _host(uint256 lease) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("host", lease % HOSTS)))));
    }

    function _payee(uint256 i) private pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode("payee", i)))));
    }
}
