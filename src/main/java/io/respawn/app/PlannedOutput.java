package io.respawn.app;

import io.respawn.model.InstanceId;
import io.respawn.model.OutputPolicy;
import io.respawn.model.Plan;
import io.respawn.model.ReadyLine;
import io.respawn.model.ServiceSpec;
import io.respawn.process.OutputPolicies;
import java.util.Optional;
import java.util.function.Supplier;

/** Says what the plan in force says about output. */
record PlannedOutput(Supplier<Plan> plan) implements OutputPolicies {

    /** The index is only worth showing where there are several. */
    @Override
    public String label(InstanceId instance) {
        boolean several = plan.get()
                .service(instance.service())
                .filter(spec -> spec.instances() > 1)
                .isPresent();
        return several || instance.index() > 0
                ? instance.toString()
                : instance.service().value();
    }

    @Override
    public OutputPolicy policy(InstanceId instance) {
        return plan.get().service(instance.service()).map(ServiceSpec::output).orElse(OutputPolicy.DEFAULT);
    }

    @Override
    public Optional<ReadyLine> readyLine(InstanceId instance) {
        return plan.get()
                .service(instance.service())
                .flatMap(spec -> spec.start().readyLine());
    }
}
