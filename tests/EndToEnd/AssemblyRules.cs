using Xunit.Sdk;
using Xunit.v3;

// Each test has the machine to itself: agents that get no processor time are taken for lost.
[assembly: Parallelization(Mode = ParallelMode.None)]
