namespace Dweb.Agent.Runtimes.Podman;

/// <summary>
/// Has checks run when they are due. Podman leaves that to timers of systemd, which not every machine has, and never gives one up. Containers are told of as they
/// are inspected; nothing else starts or ends their checks, and while the agent is away there are none.
/// </summary>
/// <param name="check">Has one run in the container of that id: whether it passed; null where nothing runs any more.</param>
internal sealed class PodmanHealth(Func<string, CancellationToken, Task<bool?>> check, TimeProvider time) : IDisposable
{
    // What the engine takes to begin one, on a machine that has much to do.
    private static readonly TimeSpan Allowance = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Run> runs = new(StringComparer.Ordinal);

    /// <summary>Containers whose checks go on.</summary>
    public int Watched
    {
        get
        {
            lock (gate)
            {
                return runs.Count;
            }
        }
    }

    /// <returns>The container with what is known of its health.</returns>
    public ContainerSnapshot Judge(ContainerSnapshot container)
    {
        if (HealthCheck.Of(container) is not { } wanted)
        {
            return container with { Healthy = null };
        }

        lock (gate)
        {
            var known = runs.GetValueOrDefault(container.Id);
            if (known is not null && (container.Condition != ContainerCondition.Running || known.StartedAt != container.StartedAt || known.HasEnded))
            {
                known.Dispose();
                runs.Remove(container.Id);
                known = null;
            }

            if (known is null && container.Condition == ContainerCondition.Running)
            {
                runs[container.Id] = known = new Run(container, wanted, check, Forget, time);
            }

            return container with { Healthy = known?.Healthy };
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (var run in runs.Values)
            {
                run.Dispose();
            }

            runs.Clear();
        }
    }

    // A container that was removed is never inspected again.
    private void Forget(string id, Run ended)
    {
        lock (gate)
        {
            if (runs.GetValueOrDefault(id) == ended)
            {
                runs.Remove(id);
                ended.Dispose();
            }
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly HealthCheck wanted;
        private readonly Func<string, CancellationToken, Task<bool?>> check;
        private readonly Action<string, Run> forget;
        private readonly TimeProvider time;
        private readonly CancellationTokenSource ended = new();
        private readonly Lock gate = new();
        private readonly Task checking;
        private HealthStreak streak;

        /// <param name="forget">Called once nothing runs any more.</param>
        public Run(ContainerSnapshot container, HealthCheck wanted, Func<string, CancellationToken, Task<bool?>> check, Action<string, Run> forget, TimeProvider time)
        {
            (this.wanted, this.check, this.forget, this.time, StartedAt) = (wanted, check, forget, time, container.StartedAt);
            checking = CheckAsync(container.Id, ended.Token);
        }

        public DateTimeOffset? StartedAt { get; }

        public bool HasEnded => checking.IsCompleted;

        public bool? Healthy
        {
            get
            {
                lock (gate)
                {
                    return streak.Healthy;
                }
            }
        }

        public void Dispose()
        {
            ended.Cancel();
            ended.Dispose();
        }

        private async Task CheckAsync(string id, CancellationToken cancellationToken)
        {
            Task<bool?>? open = null;
            while (true)
            {
                await Task.Delay(wanted.Interval, time, cancellationToken);

                // One that does not end is not begun a second time beside itself: it fails once more.
                open ??= check(id, cancellationToken);
                try
                {
                    if (await open.WaitAsync(wanted.Timeout + Allowance, time, cancellationToken) is not { } passed)
                    {
                        forget(id, this);
                        return;
                    }

                    open = null;
                    Note(passed);
                }
                catch (TimeoutException)
                {
                    Note(passed: false);
                }
                catch (RuntimeException)
                {
                    // The engine does not answer: nothing is learnt of the container by that.
                    open = null;
                }
            }
        }

        private void Note(bool passed)
        {
            lock (gate)
            {
                streak = streak.After(passed, time.GetUtcNow() - StartedAt < wanted.StartPeriod, wanted.Retries);
            }
        }
    }
}
