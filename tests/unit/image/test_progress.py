from xkit_operator.image.progress import Progress

MEGABYTE = 1_000_000


def test_the_words_change_ten_times_and_not_with_every_byte() -> None:
    progress = Progress("the runtime nodejs14", 33 * MEGABYTE)
    said = []
    for _ in range(33):
        for sent in range(0, MEGABYTE, MEGABYTE // 10):
            progress.at(sent)
            said.append(str(progress))
        progress.complete(MEGABYTE)
    said.append(str(progress))
    assert said[0] == "the runtime nodejs14 is being uploaded: 0 of 33 MB"
    assert said[-1] == "the runtime nodejs14 is being uploaded: 33 of 33 MB"
    assert len(set(said)) == 11


def test_a_blob_that_is_sent_again_starts_over() -> None:
    progress = Progress("it", 10 * MEGABYTE)
    progress.at(5 * MEGABYTE)
    progress.at(0)
    assert str(progress) == "it is being uploaded: 0 of 10 MB"
