using System.Globalization;
using Dweb.Core.Manifest;

namespace Dweb.Agent.Runtimes.Podman;

/// <summary>When a check is made and what its results mean. It stands on its container, for an agent that comes later.</summary>
internal sealed record HealthCheck(TimeSpan Interval, TimeSpan Timeout, int Retries, TimeSpan StartPeriod)
{
    public const string Label = "io.dweb.health";

    /// <returns>Null for no check.</returns>
    public static HealthCheck? Of(HealthSpec? spec) => spec is null or { Test: ["NONE", ..] } or { Test: [] } ? null : new(
        TimeSpan.FromSeconds(spec.IntervalSeconds), TimeSpan.FromSeconds(spec.TimeoutSeconds), spec.Retries, TimeSpan.FromSeconds(spec.StartPeriodSeconds));

    /// <returns>Null where the container has none.</returns>
    public static HealthCheck? Of(ContainerSnapshot container)
    {
        if (!container.Labels.TryGetValue(Label, out string? text))
        {
            return null;
        }

        int[] numbers = [.. text.Split(' ').Select(static word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers is [> 0 and var interval, > 0 and var timeout, > 0 and var retries, >= 0 and var start]
            ? new HealthCheck(TimeSpan.FromSeconds(interval), TimeSpan.FromSeconds(timeout), retries, TimeSpan.FromSeconds(start))
            : null;
    }

    /// <summary>The label.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Interval.TotalSeconds:0} {Timeout.TotalSeconds:0} {Retries} {StartPeriod.TotalSeconds:0}");
}

/// <summary>What is known of one run of a container.</summary>
/// <param name="Healthy">Null before enough is known.</param>
/// <param name="Failures">One after the other, up to now.</param>
internal readonly record struct HealthStreak(bool? Healthy, int Failures)
{
    /// <param name="isStarting">While it starts it may fail.</param>
    public HealthStreak After(bool passed, bool isStarting, int retries) =>
        passed ? new(true, 0)
        : isStarting ? this
        : new(Failures + 1 >= retries ? false : Healthy, Failures + 1);
}
