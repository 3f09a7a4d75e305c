# Every verb is one line of tools/start.py, which works without make too: python3 tools/start.py run
.PHONY: run test check lint format docs bench lock clean
run test check lint format docs bench lock clean:
	@python3 tools/start.py $@ $(ARGS)
