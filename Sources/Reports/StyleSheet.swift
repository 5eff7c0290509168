/// How HTML reports look, light and dark; series differ in colour and in dashes.
enum StyleSheet {
  static let report: StaticString = """
    :root {
      color-scheme: light dark;
      --ground: #ffffff; --ink: #1c2024; --quiet: #5b6470; --rule: #d9dee4; --box: #f3f5f8; --mark: #b3261e;
      --s0: #1f5fbf; --s1: #c2410c; --s2: #15803d; --s3: #7e22ce; --s4: #0e7490; --s5: #a16207;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14171a; --ink: #e6e9ed; --quiet: #9aa4b0; --rule: #343b43; --box: #1d2227; --mark: #ff8a80;
        --s0: #7fb0ff; --s1: #ffab70; --s2: #7ddc98; --s3: #d3a6ff; --s4: #6fd3e6; --s5: #e6c35c;
      }
    }
    body {
      margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 4rem; background: var(--ground); color: var(--ink);
      font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
    h3 { font-size: 1rem; margin-bottom: .25rem; }
    .quiet { color: var(--quiet); fill: var(--quiet); font-size: .85rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; overflow-wrap: normal; }
    caption { text-align: left; color: var(--quiet); padding-bottom: .3rem; }
    th, td { padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--rule); text-align: left; }
    .number { text-align: right; white-space: nowrap; }
    .answer { font-size: 1.1rem; font-weight: 600; }
    pre { overflow-x: auto; background: var(--box); padding: .6rem .8rem; border-radius: 5px; font-size: .85rem; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1.5rem; }
    figure { margin: .5rem 0; min-width: 0; } figcaption { font-size: .9rem; font-weight: 600; }
    figure:has(svg.map) { grid-column: 1 / -1; overflow-x: auto; } svg.map { min-width: 44rem; max-width: none; }
    details { font-size: .85rem; } summary { color: var(--quiet); cursor: pointer; }
    td:first-child { min-width: 5rem; } td.number:first-child { min-width: 0; }
    svg { width: 100%; height: auto; max-width: 40rem; font: 12px Helvetica, Arial, "Liberation Sans", sans-serif; }
    svg text { fill: var(--ink); } svg text.quiet, svg text.tick { fill: var(--quiet); font-size: 12px; }
    svg text.strong { font-weight: 600; }
    .grid { stroke: var(--rule); } .axis { stroke: var(--quiet); }
    .reference { stroke: var(--quiet); stroke-dasharray: 2 3; } .leader { stroke: var(--rule); }
    .mark { stroke: var(--mark); stroke-dasharray: 3 3; } svg text.marked { fill: var(--mark); }
    .series { stroke-width: 2; fill: none; } svg text.name { stroke: none; }
    .band { stroke: none; opacity: .16; }
    .s0 { stroke: var(--s0); } .s1 { stroke: var(--s1); stroke-dasharray: 7 3; }
    .s2 { stroke: var(--s2); stroke-dasharray: 2 3; } .s3 { stroke: var(--s3); stroke-dasharray: 9 3 2 3; }
    .s4 { stroke: var(--s4); stroke-dasharray: 12 4; } .s5 { stroke: var(--s5); stroke-dasharray: 4 2 1 2; }
    .dot { fill: var(--ground); stroke-dasharray: none; } path.series { stroke-dasharray: none; }
    .band.s0, .bar.s0, svg text.s0 { fill: var(--s0); } .band.s1, .bar.s1, svg text.s1 { fill: var(--s1); }
    .band.s2, .bar.s2, svg text.s2 { fill: var(--s2); } .band.s3, .bar.s3, svg text.s3 { fill: var(--s3); }
    .band.s4, .bar.s4, svg text.s4 { fill: var(--s4); } .band.s5, .bar.s5, svg text.s5 { fill: var(--s5); }
    .bar { stroke: var(--ground); stroke-dasharray: none; stroke-width: 1; }
    .domain { fill: var(--box); stroke: var(--quiet); stroke-dasharray: 6 4; }
    .card { fill: var(--ground); stroke: var(--quiet); } .card.accelerator { stroke: var(--s2); stroke-width: 2; }
    .card.switch, .card.scale-up-switch { stroke: var(--s0); }
    .coast { stroke: var(--rule); stroke-width: 1; } .map { background: var(--box); border-radius: 5px; }
    .route { stroke: var(--s0); stroke-width: 1; opacity: .6; } .isochrone { stroke: var(--mark); stroke-dasharray: 4 3; }
    .site { fill: var(--s1); stroke: var(--ground); } .population { fill: var(--s0); stroke: var(--ground); }
    .missing { stroke: var(--mark); stroke-width: 3; fill: none; }
    .wire { stroke: var(--quiet); stroke-width: 1.5; } .wire.deciding { stroke: var(--mark); stroke-width: 4; }
    .wire.busy0 { stroke-width: 1.5; } .wire.busy1 { stroke-width: 4; } .wire.busy2 { stroke-width: 7; }
    .wire.busy3 { stroke-width: 10; }
    svg text.haloed { stroke: var(--ground); stroke-width: 4; paint-order: stroke; stroke-linejoin: round; }
    svg text.deciding { fill: var(--mark); font-weight: 600; }
    @media print { body { max-width: none; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; } }
    """
}
