import Commands

Isochrone.run()
