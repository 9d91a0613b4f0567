// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC721} from "@openzeppelin/contracts/interfaces/IERC721.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {Image, LeaseKey, UsageBatch} from "../../src/interfaces/Types.sol";
import {vm} from "../Vm.sol";
import {HookToken, ITokenHook} from "../dao/HookToken.sol";
import {Doors} from "../lease/Doors.sol";
import {AttackWorld} from "./AttackWorld.sol";

/// @dev Does what it is told, and while tokens come to it tries one more call and keeps why that failed.
contract Thief is ITokenHook {
    address private _target;
    bytes private _attempt;
    bytes public refusal;
    bool public got;
    uint256 public asked;

    function willTry(address target, bytes calldata attempt) external {
        (_target, _attempt, got, asked) = (target, attempt, false, 0);
    }

    function act(address target, bytes calldata data) external {
        (bool done,) = target.call(data);
        require(done, "act");
    }

    function beforeTokens(uint256) external {
        ++asked;
        (got, refusal) = _target.call(_attempt);
    }
}

/// @dev Publishes as a contract; remembers whether an NFT's arrival ever gave it the word.
contract ContractPublisher {
    bool public wasCalled;

    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return IERC1271.isValidSignature.selector;
    }

    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4) {
        wasCalled = true;
        return this.onERC721Received.selector;
    }

    function createRepository(address code) external returns (uint256 repository) {
        (, bytes memory answer) =
            code.call(abi.encodeWithSignature("createRepository(string,address)", "mine", address(this)));
        return abi.decode(answer, (uint256));
    }
}

/// @notice DWEB calls nobody. Here the token is one that calls each receiver before it moves the balance, and every
/// door is tried from there.
contract ReentrancyAttacksTest is AttackWorld {
    Thief private thief;
    bytes[] private attempts;

    function setUp() public override {
        super.setUp();
        vm.etch(address(token), address(new HookToken()).code);
        thief = new Thief();
        HookToken(address(token)).setHooked(address(thief), true);
        attempts.push(abi.encodeCall(book.withdraw, (1)));
        attempts.push(abi.encodeCall(book.deposit, (1)));
        attempts.push(abi.encodeCall(book.depositWithPermit, (address(thief), 1, START, 27, 0, 0)));
        attempts.push(abi.encodeCall(book.withdrawEarned, (coe)));
        attempts.push(abi.encodeCall(book.withdrawFees, ()));
        attempts.push(abi.encodeCall(book.settle, (new UsageBatch[](0), address(0))));
        attempts.push(abi.encodeCall(book.end, (new LeaseKey[](0))));
        attempts.push(abi.encodeCall(book.finalise, (new LeaseKey[](0))));
        attempts.push(abi.encodeCall(Multicall(address(book)).multicall, (_listed(abi.encodeCall(book.withdraw, (1))))));
    }

    // ------------------------------------------------------- token and receiver

    function test_reentrancy_while_a_user_is_paid_is_refused() public {
        _fundThief();
        for (uint256 i = 0; i < attempts.length; ++i) {
            thief.willTry(address(book), attempts[i]);
            thief.act(address(book), abi.encodeCall(book.withdraw, (100)));
            _requireRefused();
        }
        assertEq(token.balanceOf(address(thief)), attempts.length * 100, "each withdrawal once");
        assertEq(book.freeOf(address(thief)), 1e18 - attempts.length * 100, "and counted once");
    }

    function test_reentrancy_through_any_door_of_leases_is_refused() public {
        _fundThief();
        _tryAll(Doors.opening());
        _tryAll(Doors.running());
        _tryAll(Doors.ending());
    }

    function test_reentrancy_while_a_payee_is_paid_is_refused() public {
        vm.prank(host);
        coes.setPayee(coe, address(thief));
        LeaseKey memory key = _openOne();
        for (uint256 i = 0; i < attempts.length; ++i) {
            vm.warp(START + 100 * (i + 1));
            vm.prank(user);
            book.renew(_order(_services()), key, 100);
            _settle(key, uint32(100 * (i + 1)), 0, 0);
            vm.warp(START + 100 * (i + 1) + 8);
            thief.willTry(address(book), attempts[i]);
            book.withdrawEarned(coe);
            _requireRefused();
        }
        assertEq(token.balanceOf(address(thief)), _host(100 * attempts.length, 0), "what was earned, once");
    }

    function test_reentrancy_while_the_treasury_is_paid_is_refused() public {
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        vm.etch(treasury, address(thief).code);
        HookToken(address(token)).setHooked(treasury, true);
        Thief(treasury).willTry(address(book), abi.encodeCall(book.withdrawFees, ()));
        book.withdrawFees();
        assertTrue(Thief(treasury).asked() == 1 && !Thief(treasury).got(), "refused");
        assertEq(token.balanceOf(treasury), _fee(100, 0), "the fees, once");
    }

    function test_reentrancy_while_royalties_are_paid_is_refused() public {
        vm.prank(coder);
        code.setPayee(repository, address(thief));
        LeaseKey memory key = _openOne();
        vm.warp(START + 100);
        _settle(key, 100, 0, 0);
        pool.pull(images.nodeOf(DIGEST), 0);
        pool.pull(releaseId, 0);
        uint256 owed = pool.accountOf(releaseId);
        thief.willTry(address(pool), abi.encodeCall(pool.pay, (releaseId)));
        pool.pay(releaseId);
        _requireRefused();
        assertEq(token.balanceOf(address(thief)), owed, "the account, once");
        assertEq(owed, _royalty(100, 0) * 3 / 4, "three parts of four");
    }

    function test_reentrancy_while_stake_is_paid_out_is_refused() public {
        bytes32 own = _registerThief();
        thief.act(address(coes), abi.encodeCall(coes.unbond, (own, STAKE)));
        vm.warp(START + 30);
        thief.willTry(address(coes), abi.encodeCall(coes.withdrawUnbonded, (own)));
        coes.withdrawUnbonded(own);
        assertTrue(thief.asked() == 1 && !thief.got(), "refused");
        assertEq(token.balanceOf(address(thief)), STAKE, "the stake, once");
        assertEq(token.balanceOf(address(coes)), 2 * STAKE, "other stakes are there");
    }

    // ------------------------------------------------------------------ NFT hooks

    function test_reentrancy_through_nft_hooks_has_no_door_when_minting() public {
        ContractPublisher maker = new ContractPublisher();
        Image memory image = _image();
        image.publisher = address(maker);
        image.manifestDigest = keccak256("by a contract");
        uint256 tokenId = images.mint(image, "");
        assertEq(IERC721(address(images)).ownerOf(tokenId), address(maker), "its image");
        uint256 made = maker.createRepository(address(code));
        assertEq(IERC721(address(code)).ownerOf(made), address(maker), "its repository");
        assertTrue(!maker.wasCalled(), "it never had the word");
    }

    function _tryAll(bytes[] memory doors) private {
        for (uint256 i = 0; i < doors.length; ++i) {
            thief.willTry(address(book), doors[i]);
            thief.act(address(book), abi.encodeCall(book.withdraw, (1)));
            _requireRefused();
        }
    }

    function _requireRefused() private view {
        assertTrue(thief.asked() == 1 && !thief.got(), "refused");
        bytes memory wanted = abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
        assertEq(thief.refusal(), wanted, "by the guard");
    }

    function _fundThief() private {
        HookToken(address(token)).setHooked(address(thief), false);
        token.transfer(address(thief), 1e18);
        thief.act(address(token), abi.encodeCall(token.approve, (address(book), 1e18)));
        thief.act(address(book), abi.encodeCall(book.deposit, (1e18)));
        HookToken(address(token)).setHooked(address(thief), true);
    }

    function _registerThief() private returns (bytes32) {
        HookToken(address(token)).setHooked(address(thief), false);
        token.transfer(address(thief), STAKE);
        thief.act(address(token), abi.encodeCall(token.approve, (address(coes), STAKE)));
        bytes32 id = coes.coeIdOf(address(thief), "thief");
        thief.act(
            address(coes),
            abi.encodeCall(
                coes.register,
                ("thief", vm.addr(0xA9), _consent(0xA9, id), 5, _capacity(), _ask(), "", STAKE, address(book))
            )
        );
        HookToken(address(token)).setHooked(address(thief), true);
        return id;
    }

    function _listed(bytes memory call_) private pure returns (bytes[] memory list) {
        list = new bytes[](1);
        list[0] = call_;
    }
}
