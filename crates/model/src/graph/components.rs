//! Strongly connected components, by Tarjan's algorithm.
//!
//! It keeps its own stack: a chain of 100,000 nodes does not overflow the
//! thread's.

const UNSEEN: usize = usize::MAX;

/// The strongly connected components of the nodes `0..count`, each with its
/// nodes, single ones included.
pub(super) fn strongly_connected(
    count: usize,
    successors: impl Fn(usize) -> Vec<usize>,
) -> Vec<Vec<usize>> {
    let mut search = Search {
        order: vec![UNSEEN; count],
        low: vec![UNSEEN; count],
        on_stack: vec![false; count],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for root in 0..count {
        if search.order[root] == UNSEEN {
            search.explore(root, &successors);
        }
    }
    search.found
}

struct Search {
    /// When each node was first seen.
    order: Vec<usize>,
    /// The earliest node on the stack that each is known to reach.
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search {
    fn explore(&mut self, root: usize, successors: &impl Fn(usize) -> Vec<usize>) {
        let mut calls = vec![(root, self.enter(root, successors))];
        while let Some((node, pending)) = calls.last_mut() {
            let node = *node;
            match pending.next() {
                Some(to) if self.order[to] == UNSEEN => {
                    calls.push((to, self.enter(to, successors)));
                }
                Some(to) if self.on_stack[to] => {
                    self.low[node] = self.low[node].min(self.order[to]);
                }
                Some(_) => {}
                None => {
                    calls.pop();
                    if let Some(&(caller, _)) = calls.last() {
                        self.low[caller] = self.low[caller].min(self.low[node]);
                    }
                    self.leave(node);
                }
            }
        }
    }

    fn enter(
        &mut self,
        node: usize,
        successors: &impl Fn(usize) -> Vec<usize>,
    ) -> std::vec::IntoIter<usize> {
        self.order[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
        successors(node).into_iter()
    }

    fn leave(&mut self, node: usize) {
        if self.low[node] != self.order[node] {
            return;
        }
        let start = self
            .stack
            .iter()
            .rposition(|&it| it == node)
            .expect("a node stays on the stack until its component is found");
        let component = self.stack.split_off(start);
        for &member in &component {
            self.on_stack[member] = false;
        }
        self.found.push(component);
    }
}
