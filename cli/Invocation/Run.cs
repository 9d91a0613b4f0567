using System.CommandLine;
using Dweb.Chain.Rpc;
using Dweb.Cli.ControlPlane;
using Dweb.Cli.Home;
using Dweb.Cli.Onchain;
using Dweb.Cli.Terminal;
using Dweb.Core.Protocol;
using Dweb.Core.Protocol.Errors;

namespace Dweb.Cli.Invocation;

/// <summary>One command being run: what was typed, and the parts it needs, each made when it is first asked for.</summary>
internal sealed class Run : IDisposable
{
    private readonly ParseResult parsed;
    private readonly GlobalOptions globals;
    private readonly Lazy<HomeSettings> settings;
    private readonly Lazy<HttpClient> http;
    private readonly Lazy<OpenableWallet> wallet;
    private readonly Lazy<ControlPlaneClient> api;
    private readonly Lazy<DwebChain> chain;

    public Run(ParseResult parsed, GlobalOptions globals)
    {
        this.parsed = parsed;
        this.globals = globals;
        Home = DwebHome.FromEnvironment();
        Printer = new Printer(globals.IsJson(parsed));
        settings = new(() => Home.ReadSettings().Select(ContextName()));
        http = new(static () => new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(2) });
        wallet = new(() => Openable(WalletName() ?? throw new DwebException(Catalogue.WalletNeeded, "This command acts for a wallet and none was named.")));
        api = new(() => new ControlPlaneClient(
            http.Value, Address("endpoint", "--endpoint", Get(globals.Endpoint) ?? settings.Value.Endpoint), Variable(ControlPlaneClient.TraceVariable)));
        chain = new(() => new DwebChain(
            new ChainClient(new JsonRpcClient(http.Value, Rpc)),
            DeploymentSource.Read(Home, settings.Value)));
    }

    public DwebHome Home { get; }

    public Printer Printer { get; }

    public TimeProvider Time { get; } = TimeProvider.System;

    public HttpClient Http => http.Value;

    public Approval Approval => new(Get(globals.Yes));

    public PasswordSource Passwords => new(Given(globals.PasswordFile) ?? Variable(PasswordSource.Variable));

    /// <summary>The wallet to act as.</summary>
    /// <exception cref="DwebException">None was named, or there is none of this name.</exception>
    public OpenableWallet Wallet => wallet.Value;

    /// <summary>The wallet's address where one was named: whose thing is meant where several people use a name.</summary>
    public EvmAddress? Self => WalletName() is null ? null : Wallet.Account.Address;

    public ControlPlaneClient Api => api.Value;

    public LoginFlow Login => new(Api, Home.Logins, Printer, Time);

    public DwebChain Chain => chain.Value;

    /// <summary>The deployment file's own text.</summary>
    public string DeploymentText => DeploymentSource.ReadWhole(Home, settings.Value).Text;

    /// <summary>The chain node's address.</summary>
    public Uri Rpc => Address("rpcUrl", "--rpc", Get(globals.Rpc) ?? settings.Value.RpcUrl);

    public WalletTransactions Transactions => new(Chain, Home, Wallet, Approval, Printer);

    public Uri Registry => Address("registry", "--registry", Get(globals.Registry) ?? settings.Value.Registry);

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetRequiredValue(argument);

    public T? Find<T>(Argument<T> argument) => parsed.GetValue(argument);

    /// <summary>A wallet by its name or a unique prefix.</summary>
    public OpenableWallet Openable(string name) => new(Home.Wallets.Find(name), Home.Wallets, Passwords);

    public string? WalletName() => GivenWallet() ?? Variable("DWEB_WALLET") ?? settings.Value.Wallet;

    /// <summary>What was typed, as a new context takes it.</summary>
    public string? GivenWallet() => Given(globals.Wallet);

    public string? GivenEndpoint() => RequireHttp(Given(globals.Endpoint), "--endpoint");

    public string? GivenRpc() => RequireHttp(Given(globals.Rpc), "--rpc");

    public string? GivenRegistry() => RequireHttp(Given(globals.Registry), "--registry");

    /// <summary>The context that was named for this command; null for the one in use.</summary>
    public string? ContextName() => Given(globals.Context) ?? Variable("DWEB_CONTEXT");

    public void Dispose()
    {
        if (http.IsValueCreated)
        {
            http.Value.Dispose();
        }
    }

    private string? Given(Option<string?> option) => Get(option) is { Length: > 0 } text ? text : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private Uri Address(string setting, string option, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new DwebException(Catalogue.InvalidSetting, $"There is no '{setting}' in {Path.Combine(Home.Folder, "config.json")} and no {option} was given.", setting);
        }

        return new Uri(RequireHttp(text, setting)!);
    }

    private static string? RequireHttp(string? text, string where) => text is null || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
        ? text
        : throw new DwebException(Catalogue.InvalidSetting, $"'{text}' is no http address.", where);
}
