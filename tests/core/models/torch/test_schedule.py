"""The learning rate warms up, stays and falls."""

from itertools import pairwise

from gardener_core.models.torch.schedule import rate_share


def test_the_rate_warms_up_stays_and_falls() -> None:
    shares = [rate_share(step, 100, warm_up_steps=4, decay_share=0.4) for step in range(100)]
    assert shares[:5] == [0.25, 0.5, 0.75, 1.0, 1.0]
    assert set(shares[4:61]) == {1.0}
    assert all(later < earlier for earlier, later in pairwise(shares[60:]))
    assert shares[-1] == 1 / 40
