namespace Dweb.Core.Protocol.Messages;

/// <summary>Why an entry of a plan was passed over, for people.</summary>
public static class SkipSentences
{
    /// <returns>A sentence; for a number of a newer lease book one that names it.</returns>
    public static string Of(SkipCode code) => code switch
    {
        SkipCode.None => "Nothing was passed over.",
        SkipCode.NoSuchReplica => "The order has no such replica.",
        SkipCode.SlotTaken => "The replica has a lease, or is done.",
        SkipCode.WrongGeneration => "The replica has come to another generation.",
        SkipCode.CoeInactive => "The COE is not active.",
        SkipCode.ImageMissing => "No NFT stands for the image.",
        SkipCode.ImageMalicious => "The image is marked as malicious.",
        SkipCode.NoCapacity => "The COE has not the capacity that the service reserves.",
        SkipCode.RateAbovePlan => "The COE asks more than the plan was signed for.",
        SkipCode.RateAboveCeiling => "The COE asks more than the user accepts.",
        SkipCode.ReferenceAboveCeiling => "The reference price is above what the user accepts.",
        SkipCode.RoyaltyAboveMax => "The image's royalty is above what the user accepts.",
        SkipCode.FeeAboveMax => "The protocol's fee is above what the user accepts.",
        SkipCode.RegionExcluded => "The user excludes the COE's region.",
        SkipCode.StakeTooLow => "The COE has too little free stake.",
        SkipCode.HandleUsed => "Another lease has the same handle.",
        SkipCode.AboveMaxTotal => "The order's cap does not cover the lease.",
        SkipCode.FreeBalanceTooLow => "The user's free balance does not cover the lease.",
        SkipCode.RateTooWide => "A rate or the transfer allowance is wider than the chain can hold.",
        SkipCode.ImageRevoked => "The image was revoked by its owner.",
        SkipCode.CoeOsRevoked => "The host image that the COE claims is revoked.",
        SkipCode.BookNotAccepted => "The COE's host does not take leases of this lease book.",
        SkipCode.DurationUsedUp => "Less is left of the replica's duration than a host has to start.",
        SkipCode.NotUpgradable => "The lease that the entry replaces cannot be upgraded now.",
        _ => $"The lease book passed it over with code {(int)code}.",
    };
}
