using System.Diagnostics;
using System.Globalization;

/// <summary>
/// Ends an agent at one of its durable steps. The runtime calls it before the program, by the name that it prescribes: DOTNET_STARTUP_HOOKS names this assembly.
/// DWEB_STEPS_SEEN names a file that gets a line for each announcement; DWEB_KILL_AT, <c>before NAME 2</c>, the one at which the process dies as by a power cut.
/// </summary>
#pragma warning disable CA1050, MA0047 // The runtime wants it outside of any namespace.
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    private const string ListenerName = "Dweb.Agent.DurableSteps";

    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new Listeners());

    private sealed class Listeners : IObserver<DiagnosticListener>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == ListenerName)
            {
                value.Subscribe(new Steps());
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    private sealed class Steps : IObserver<KeyValuePair<string, object?>>
    {
        private readonly string? seen = Environment.GetEnvironmentVariable("DWEB_STEPS_SEEN");
        private readonly string? killAt = Environment.GetEnvironmentVariable("DWEB_KILL_AT");
        private readonly Dictionary<string, int> times = new(StringComparer.Ordinal);
        private readonly Lock counting = new();

        public void OnNext(KeyValuePair<string, object?> value)
        {
            lock (counting)
            {
                int time = times[value.Key] = times.GetValueOrDefault(value.Key) + 1;
                if (seen is not null)
                {
                    File.AppendAllText(seen, value.Key + '\n');
                }

                if (string.Create(CultureInfo.InvariantCulture, $"{value.Key} {time}") == killAt)
                {
                    using var self = Process.GetCurrentProcess();
                    self.Kill();
                }
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
