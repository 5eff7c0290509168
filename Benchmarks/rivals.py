"""A rival in a process of its own: python rivals.py LIBRARY TASK GRAPH THREADS

GRAPH is a file of lines "tail head delay", one for each directed arc of a graph whose arcs all have partners. Every line
on standard input asks for one run; the answer is a line of its seconds and a sum that shows that it did the work.
"""

import sys
import time

library, task, path, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

import numpy as np

arcs = np.loadtxt(path, dtype=np.int64, ndmin=2)
tails, heads, delays = arcs[:, 0], arcs[:, 1], arcs[:, 2]
count = int(max(tails.max(), heads.max())) + 1
is_uniform = bool((delays == delays[0]).all())
half = tails < heads


def scipy_distances():
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import shortest_path

    graph = csr_matrix((delays.astype(float), (tails, heads)), shape=(count, count))
    if is_uniform:
        return lambda: shortest_path(graph, method="D", unweighted=True).sum() * float(delays[0])
    return lambda: shortest_path(graph, method="D").sum()


def networkit_graph():
    import networkit

    networkit.setNumberOfThreads(threads)
    graph = networkit.Graph(count, weighted=not is_uniform, directed=False)
    for tail, head, delay in zip(tails[half], heads[half], delays[half]):
        graph.addEdge(int(tail), int(head), float(delay))
    return networkit, graph


def networkit_distances():
    networkit, graph = networkit_graph()

    def run():
        # The matrix stays where the library has it: a copy to Python would take longer than the search.
        return networkit.distance.APSP(graph).run().getDistance(0, count - 1)

    return run


def networkit_loads():
    networkit, graph = networkit_graph()
    graph.indexEdges()
    return lambda: sum(
        networkit.centrality.Betweenness(graph, normalized=False, computeEdgeCentrality=True).run().edgeScores()
    )


def igraph_graph():
    import igraph

    return igraph.Graph(n=count, edges=np.stack([tails[half], heads[half]], axis=1).tolist())


def igraph_distances():
    graph = igraph_graph()
    weights = None if is_uniform else delays[half].tolist()
    return lambda: len(graph.distances(weights=weights))


def igraph_loads():
    graph = igraph_graph()
    weights = None if is_uniform else delays[half].tolist()
    return lambda: sum(graph.edge_betweenness(directed=False, weights=weights))


def networkx_graph():
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_weighted_edges_from(zip(tails[half].tolist(), heads[half].tolist(), delays[half].tolist()))
    return networkx, graph


# Both of these take minutes for all sources, so that some stand for all.
SAMPLE = 16


def networkx_distances():
    networkx, graph = networkx_graph()
    search = networkx.single_source_shortest_path_length if is_uniform else networkx.single_source_dijkstra_path_length
    return lambda: sum(len(search(graph, source)) for source in range(SAMPLE))


def networkx_loads():
    networkx, graph = networkx_graph()
    weight = None if is_uniform else "weight"
    return lambda: sum(
        networkx.edge_betweenness_centrality(graph, k=SAMPLE, normalized=False, weight=weight, seed=1).values()
    )


run = globals()[f"{library}_{task}"]()
scale = count / SAMPLE if library == "networkx" else 1
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    check = run()
    print((time.perf_counter() - start) * scale, check, flush=True)
